"""Guests of a stream: what they see, what they take from others, and what they can hold back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from earshot.streams.entry import Entry
from earshot.streams.groups import GroupState
from earshot.streams.memory_streams import MemoryStreams
from earshot.streams.port import Reader, Stage
from earshot.streams.redis_streams import RedisStreams
from tests.contract.streams.bench import FEED, SOURCE, STAGE, Bench

Adapter = MemoryStreams | RedisStreams


def feed(streams: Adapter, *bodies: bytes) -> None:
    first = streams.relay_position(FEED, "w") + 1
    entries = [Entry("d", "s", first + n, body=body) for n, body in enumerate(bodies)]
    streams.relay(FEED, "w", first, entries)


def guest(streams: Adapter, group: str, consumer: str = "c") -> Reader:
    reader = streams.reader(Stage(FEED, group), 0, consumer)
    reader.join()
    return reader


def read(reader: Reader, count: int = 100) -> list[bytes]:
    return [each.entry.body for each in reader.read(count, 0) if each.entry]


def tend(streams: Adapter, retention_s: float) -> tuple[tuple[str, int], ...]:
    """Trims as the relay does, with another retention."""
    former = streams.policy
    streams.policy = replace(former, guest_retention_s=retention_s)
    past = streams.reader(Stage(FEED, FEED.owner), 0, "relay").tend().trimmed_past
    streams.policy = former
    return past


def state(streams: Adapter, group: str) -> GroupState:
    (found,) = [each for each in streams.groups(FEED, 0) if each.name == group]
    return found


def test_a_new_group_sees_what_is_kept_and_takes_nothing_from_others(streams: Adapter) -> None:
    feed(streams, b"0", b"1", b"2")
    first = guest(streams, "first")
    assert read(first, 2) == [b"0", b"1"]
    second = guest(streams, "second")
    assert read(second) == [b"0", b"1", b"2"]
    assert read(first) == [b"2"]
    assert second.claim(0, 100)[0] == second.claim(0, 100)[0]
    assert state(streams, "first").pending == state(streams, "second").pending == 3
    second.acknowledge([each.entry_id for each in second.claim(0, 100)[0]])
    assert (state(streams, "first").pending, state(streams, "second").pending) == (3, 0)


def test_groups_are_told_of_as_they_stand(streams: Adapter) -> None:
    assert streams.groups(FEED, 0) == []
    feed(streams, b"0", b"1", b"2")
    one, other = guest(streams, "lamp", "one"), guest(streams, "lamp", "other")
    (nobody,) = streams.groups(FEED, 0)
    assert nobody == GroupState("lamp", (), 3, 0, None, 0)
    read(one, 1)
    (delivery,) = other.read(1, 0)
    other.acknowledge([delivery.entry_id])
    found = state(streams, "lamp")
    assert (found.consumers, found.unread, found.pending) == (("one", "other"), 1, 1)
    assert found.idle_s is not None
    assert 0 <= found.idle_s < 60
    one.leave()  # not with an entry pending on its name
    other.leave()
    assert state(streams, "lamp").consumers == ("one",)
    guest(streams, "alarm")
    assert [each.name for each in streams.groups(FEED, 0)] == ["alarm", "lamp"]


def test_an_abandoned_group_cannot_stop_trimming_and_its_loss_is_counted(streams: Adapter) -> None:
    feed(streams, b"0", b"1", b"2")
    quick, abandoned = guest(streams, "quick"), guest(streams, "abandoned")
    read(abandoned, 1)
    quick.acknowledge([each.entry_id for each in quick.read(100, 0)])
    assert tend(streams, retention_s=3600) == ()
    assert tend(streams, retention_s=-1) == (("abandoned", 3),)
    assert state(streams, "quick").trimmed_past == 0
    assert state(streams, "abandoned").trimmed_past == 3
    feed(streams, b"3", b"4")
    assert (state(streams, "abandoned").unread, state(streams, "quick").unread) == (2, 2)
    assert read(abandoned, 1) == [b"3"]  # what is kept, it still gets
    assert state(streams, "abandoned").unread == 1
    assert read(abandoned) == [b"4"]
    assert state(streams, "abandoned").unread == 0
    assert dict(tend(streams, retention_s=-1)) == {"abandoned": 2, "quick": 2}
    assert state(streams, "abandoned").trimmed_past == 5


def test_a_dropped_group_is_gone_with_its_count_and_begins_anew(streams: Adapter) -> None:
    assert not streams.drop_group(FEED, 0, "lamp")
    feed(streams, b"0", b"1")
    lamp, other = guest(streams, "lamp"), guest(streams, "other")
    read(lamp, 1)
    tend(streams, retention_s=-1)
    feed(streams, b"2")
    assert streams.drop_group(FEED, 0, "lamp")
    assert not streams.drop_group(FEED, 0, "lamp")
    assert [each.name for each in streams.groups(FEED, 0)] == ["other"]
    assert read(other) == [b"2"]
    again = guest(streams, "lamp")
    assert state(streams, "lamp") == GroupState("lamp", (), 1, 0, None, 0)
    assert read(again) == [b"2"]


@pytest.mark.parametrize("has_read", [False, True])
def test_a_guest_of_an_owned_stream_is_trimmed_past_where_the_owner_is_done(
    bench: Bench, has_read: bool
) -> None:
    streams = bench.streams
    assert isinstance(streams, MemoryStreams | RedisStreams)
    abandoned = streams.reader(Stage(SOURCE, "guest"), 0, "g")
    abandoned.join()
    bench.add(b"0", b"1")
    if has_read:
        abandoned.read(1, 0)
    bench.hand_off(bench.reader, bench.reader.read(10, 0))
    streams.policy = replace(streams.policy, guest_retention_s=-1)
    assert streams.reader(STAGE, 0, "one").tend().trimmed == 2
    states = {each.name: each for each in streams.groups(SOURCE, 0)}
    assert states["guest"].trimmed_past == 2
    assert (states["stage"].trimmed_past, states["stage"].unread) == (0, 0)

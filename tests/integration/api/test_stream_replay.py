"""What a client of the live feed missed: sent first, in order, once; or said to be gone."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from earshot.events.event import SoundEvent
from earshot.streams.port import Stage
from earshot.topics import EVENTS
from tests.integration.api import live_feed
from tests.integration.api.live_feed import (
    Adapter,
    Connect,
    Writer,
    wait_until,
)

MakeEvent = Callable[..., SoundEvent]

streams, writer = live_feed.streams, live_feed.writer
server, connect = live_feed.server, live_feed.connect


def trim(streams: Adapter) -> None:
    former = streams.policy
    streams.policy = replace(former, guest_retention_s=-1)
    assert streams.reader(Stage(EVENTS, ""), 0, "trimmer").tend().trimmed
    streams.policy = former


def test_what_came_after_the_last_id_is_replayed_then_it_goes_on(
    connect: Connect, writer: Writer, sound_event: MakeEvent
) -> None:
    client = connect().wait_ready()
    writer.write(*[sound_event(onset_s=n) for n in range(3)])
    client.wait_for(3)
    last_id = client.messages[0].id
    again = connect("", last_id)
    assert again.wait_for(2) == writer.revision_ids[1:]
    writer.write(sound_event(onset_s=99))
    assert again.wait_for(3) == writer.revision_ids[1:]
    by_query = connect(f"?last_event_id={last_id}")
    assert by_query.wait_for(3) == writer.revision_ids[1:]


def test_the_header_wins_when_the_query_has_an_older_id(
    connect: Connect, writer: Writer, sound_event: MakeEvent
) -> None:
    client = connect().wait_ready()
    first_id = client.last_id
    writer.write(sound_event(), sound_event(onset_s=5))
    client.wait_for(2)
    reconnected = connect(f"?last_event_id={first_id}", client.messages[0].id)
    assert reconnected.wait_for(1) == writer.revision_ids[1:]


def test_each_revision_once_and_in_order_over_many_reconnects_under_a_busy_writer(
    connect: Connect, writer: Writer, sound_event: MakeEvent
) -> None:
    """The hand-over from replay to live: clients leave and come back at random points."""
    total, chance = 1500, random.Random(5)
    client = connect().wait_ready()

    def write() -> None:  # never far ahead, so that there is always more than one connection
        for start in range(0, total, 3):
            wait_until(lambda start=start: start - len(got) < 250, "the reader is near")
            writer.write(*[sound_event(onset_s=n) for n in range(start, start + 3)])

    got: list[str] = []
    busy = threading.Thread(target=write)
    busy.start()
    num_reconnects = 0
    while len(got) + len(client.revision_ids) < total:
        enough = min(chance.randint(1, 100), total - len(got))
        client.wait_for(enough)
        last_id = client.close()
        got += client.revision_ids
        client = connect("", last_id)
        num_reconnects += 1
    busy.join()
    got += client.revision_ids
    assert got == writer.revision_ids
    assert num_reconnects >= 5


@pytest.mark.parametrize(
    "last_id", ["nonsense", "1-2-3", "' OR 1=1", "0" * 5000, "1777605151412-0, x", "-1-0"]
)
def test_an_id_that_is_none_begins_anew(
    connect: Connect, writer: Writer, sound_event: MakeEvent, last_id: str
) -> None:
    writer.write(sound_event())
    client = connect("", last_id).wait_ready()
    (reset,) = client.events("reset")
    assert reset.data["reason"] == "unknown"
    assert "read /v1/events" in reset.data["detail"]
    writer.write(sound_event(onset_s=9))
    assert client.wait_for(1) == writer.revision_ids[1:]


@pytest.mark.parametrize("injected", ["1-0%0Aevent:%20evil", "1-0%0D%0Adata:%20evil", "%00"])
def test_nothing_is_injected_through_an_id(connect: Connect, injected: str) -> None:
    client = connect(f"?last_event_id={injected}").wait_ready()
    assert [each.event for each in client.messages] == ["reset"]
    assert "evil" not in str(client.messages)


def test_an_id_older_than_what_is_kept_begins_anew(
    connect: Connect, writer: Writer, sound_event: MakeEvent, streams: Adapter
) -> None:
    client = connect().wait_ready()
    old_id = client.last_id
    writer.write(sound_event(), sound_event(onset_s=5))
    client.wait_for(2)
    trim(streams)
    again = connect("", old_id).wait_ready()
    (reset,) = again.events("reset")
    assert reset.data["reason"] == "trimmed"
    assert reset.id == client.last_id
    writer.write(sound_event(onset_s=9))
    assert again.wait_for(1) == writer.revision_ids[2:]


def test_the_last_id_before_what_is_kept_misses_nothing(
    connect: Connect, writer: Writer, sound_event: MakeEvent, streams: Adapter
) -> None:
    client = connect().wait_ready()
    writer.write(sound_event())
    client.wait_for(1)
    trim(streams)
    writer.write(sound_event(onset_s=5))
    again = connect("", client.messages[0].id)
    assert again.wait_for(1) == writer.revision_ids[1:]
    assert again.events("reset") == []


def test_an_id_newer_than_the_stream_begins_anew(
    connect: Connect, writer: Writer, sound_event: MakeEvent
) -> None:
    writer.write(sound_event())
    client = connect("", "18446744073709551615-18446744073709551615").wait_ready()
    (reset,) = client.events("reset")
    assert reset.data["reason"] == "ahead"
    writer.write(sound_event(onset_s=9))
    assert client.wait_for(1) == writer.revision_ids[1:]

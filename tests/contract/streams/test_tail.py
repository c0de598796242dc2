"""A stream read without a group: what is there, in order, and whether anything was missed."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from earshot.streams.entry import Entry
from earshot.streams.entry_id import BEGINNING, EntryId
from earshot.streams.memory_streams import MemoryStreams
from earshot.streams.port import Continuity, Extent, Stage
from earshot.streams.redis_streams import RedisStreams
from tests.contract.streams.bench import FEED

Adapter = MemoryStreams | RedisStreams


def feed(streams: Adapter, *bodies: bytes) -> None:
    first = streams.relay_position(FEED, "w") + 1
    entries = [Entry("d", "s", first + n, body=body) for n, body in enumerate(bodies)]
    streams.relay(FEED, "w", first, entries)


def ids_of(streams: Adapter) -> list[EntryId]:
    found = streams.tail(FEED, 0).read_after(BEGINNING, 1000, 0)
    return [EntryId.parse(delivery.entry_id) for delivery in found]


def trim_all(streams: Adapter) -> None:
    """Removes everything that is there, as age would."""
    former = streams.policy
    streams.policy = replace(former, guest_retention_s=-1)
    assert streams.reader(Stage(FEED, ""), 0, "trimmer").tend().trimmed
    streams.policy = former


def test_a_stream_begins_at_the_beginning(streams: Adapter) -> None:
    tail = streams.tail(FEED, 0)
    assert tail.extent() == Extent(BEGINNING, BEGINNING)
    assert tail.extent().continuity(BEGINNING) is Continuity.WHOLE
    assert tail.read_after(BEGINNING, 10, 0) == []


def test_entries_are_read_in_order_after_an_id(streams: Adapter) -> None:
    feed(streams, b"0", b"1", b"2", b"3")
    tail, ids = streams.tail(FEED, 0), ids_of(streams)
    read = tail.read_after(ids[0], 2, 0)
    assert [d.entry.body for d in read if d.entry] == [b"1", b"2"]
    assert [EntryId.parse(d.entry_id) for d in read] == ids[1:3]
    assert tail.read_after(ids[3], 10, 0) == []
    assert tail.extent() == Extent(ids[3], BEGINNING)


def test_reading_takes_nothing_from_others(streams: Adapter) -> None:
    feed(streams, b"0")
    assert len(ids_of(streams)) == len(ids_of(streams)) == 1
    guest = streams.reader(Stage(FEED, "guest"), 0, "g")
    guest.join()
    assert len(guest.read(10, 0)) == 1


def test_a_read_waits_for_the_next_entry(streams: Adapter) -> None:
    feed(streams, b"0")
    (known,) = ids_of(streams)
    writer = threading.Timer(0.1, feed, (streams, b"1"))
    writer.start()
    read = streams.tail(FEED, 0).read_after(known, 10, 3)
    writer.join()
    assert [d.entry.body for d in read if d.entry] == [b"1"]


def test_a_read_ends_when_nothing_comes(streams: Adapter) -> None:
    feed(streams, b"0")
    assert streams.tail(FEED, 0).read_after(ids_of(streams)[0], 10, 0.02) == []


def test_nothing_is_missing_while_nothing_was_removed(streams: Adapter) -> None:
    feed(streams, b"0", b"1")
    extent, ids = streams.tail(FEED, 0).extent(), ids_of(streams)
    for entry_id in (BEGINNING, *ids, EntryId(ids[0].ms, ids[0].number)):
        assert extent.continuity(entry_id) is Continuity.WHOLE


def test_an_id_that_was_never_given_is_ahead(streams: Adapter) -> None:
    feed(streams, b"0")
    newest = streams.tail(FEED, 0).extent().newest
    ahead = EntryId(newest.ms + 1, 0)
    assert streams.tail(FEED, 0).extent().continuity(ahead) is Continuity.AHEAD


def test_who_knows_the_last_removed_entry_has_missed_none(streams: Adapter) -> None:
    feed(streams, b"0", b"1", b"2")
    tail, ids = streams.tail(FEED, 0), ids_of(streams)
    trim_all(streams)
    for _ in range(2):  # an empty stream, and one that has begun again
        extent = tail.extent()
        assert extent.removed == ids[2]
        assert extent.continuity(ids[2]) is Continuity.WHOLE
        assert extent.continuity(ids[1]) is Continuity.TRIMMED
        assert extent.continuity(BEGINNING) is Continuity.TRIMMED
        feed(streams, b"3")
    assert [d.entry.body for d in tail.read_after(ids[2], 10, 0) if d.entry] == [b"3", b"3"]


@pytest.mark.parametrize(
    "text", ["", "1", "1-", "-1", "1-2-3", "a-b", "1-0\n", "١-0", f"{2**64}-0", "9" * 30 + "-0"]
)
def test_text_that_is_no_id_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="looks like 1777593600000-0"):
        EntryId.parse(text)


def test_ids_are_ordered_by_number_not_by_text() -> None:
    assert EntryId.parse("9-10") > EntryId.parse("9-9") > EntryId.parse("8-99")
    assert str(EntryId.parse("18446744073709551615-7")) == "18446744073709551615-7"

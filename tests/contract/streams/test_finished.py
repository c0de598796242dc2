"""Up to where a group is done with a stream: acknowledged, and handed on in order."""

from __future__ import annotations

from earshot.streams.entry import Entry
from earshot.streams.entry_id import BEGINNING, EntryId
from earshot.streams.port import Stage, Streams
from tests.contract.streams.bench import SOURCE, STAGE, Bench, topic


def finished(bench: Bench) -> EntryId:
    return bench.streams.finished(SOURCE, 0, STAGE.group)


def newest(bench: Bench) -> EntryId:
    return bench.streams.tail(SOURCE, 0).extent().newest


def test_nothing_is_finished_before_there_is_anything(streams: Streams) -> None:
    assert streams.finished(topic("unborn"), 0, "stage") == BEGINNING
    assert Bench(streams).streams.finished(SOURCE, 0, "stage") == BEGINNING


def test_nothing_is_finished_by_a_group_that_has_not_come(bench: Bench) -> None:
    bench.add(b"0")
    assert bench.streams.finished(SOURCE, 0, "nobody") == BEGINNING


def test_what_is_unread_or_pending_is_not_finished(bench: Bench) -> None:
    bench.add(b"0", b"1", b"2")
    assert finished(bench) == BEGINNING
    zero, one = bench.reader.read(2, 0)
    assert finished(bench) < EntryId.parse(zero.entry_id)
    bench.hand_off(bench.reader, [zero])
    assert EntryId.parse(zero.entry_id) <= finished(bench) < EntryId.parse(one.entry_id)
    bench.hand_off(bench.reader, [one])
    assert EntryId.parse(one.entry_id) <= finished(bench) < newest(bench)
    bench.hand_off(bench.reader, bench.reader.read(1, 0))
    assert finished(bench) == newest(bench)


def test_the_oldest_that_is_pending_counts(bench: Bench) -> None:
    for device in ("a", "b", "c"):
        bench.streams.append(SOURCE, Entry(device, "s", 0, body=b"x"))
    first, second, third = bench.reader.read(3, 0)
    bench.hand_off(bench.reader, [first, third])
    assert EntryId.parse(first.entry_id) <= finished(bench) < EntryId.parse(second.entry_id)


def test_what_waits_for_a_sequence_before_it_is_not_finished(bench: Bench) -> None:
    bench.add(b"0", b"1", b"2")
    zero, one, two = bench.reader.read(3, 0)
    bench.hand_off(bench.reader, [zero, two])
    bench.reader.acknowledge([one.entry_id])  # lost behind the hand-off's back
    assert EntryId.parse(one.entry_id) <= finished(bench) < EntryId.parse(two.entry_id)
    bench.reader.tend()
    assert finished(bench) == newest(bench)


def test_what_is_finished_stays_so_when_it_is_trimmed(bench: Bench) -> None:
    bench.add(b"0", b"1")
    bench.hand_off(bench.reader, bench.reader.read(2, 0))
    assert bench.reader.tend().trimmed == 2
    assert finished(bench) == newest(bench) > BEGINNING


def test_groups_do_not_wait_for_each_other(bench: Bench) -> None:
    bench.add(b"0")
    guest = bench.streams.reader(Stage(SOURCE, "guest"), 0, "g")
    guest.join()
    guest.acknowledge([guest.read(1, 0)[0].entry_id])
    assert bench.streams.finished(SOURCE, 0, "guest") == newest(bench)
    assert finished(bench) == BEGINNING


def test_the_id_before_another_is_the_last_that_is_less() -> None:
    assert EntryId(5, 3).before == EntryId(5, 2)
    assert EntryId(5, 0).before == EntryId(4, 2**64 - 1)
    assert BEGINNING.before == BEGINNING

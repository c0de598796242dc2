from __future__ import annotations

from dataclasses import replace

from earshot.streams.entry import Delivery, Entry
from earshot.streams.memory_streams import MemoryStreams
from earshot.streams.redis_streams import RedisStreams
from tests.contract.streams.bench import SOURCE, Bench

CODES = [bytes([n]) * 128 for n in range(12)]


def bodies(entries: list[Entry]) -> list[bytes]:
    return [entry.body for entry in entries]


def test_results_leave_in_order_whatever_order_they_are_ready_in(bench: Bench) -> None:
    bench.add(b"0", b"1", b"2", b"3")
    zero, one, two, three = bench.reader.read(10, 0)
    assert bench.hand_off(bench.reader, [two, one]) == ["PARKED", "PARKED"]
    assert bench.out() == []
    assert bench.hand_off(bench.reader, [zero]) == ["DONE"]
    assert bodies(bench.out()) == [b"0", b"1", b"2"]
    assert bench.hand_off(bench.reader, [three]) == ["DONE"]
    assert bodies(bench.out()) == [b"3"]
    assert bench.streams.backlog(SOURCE, 0, "stage").pending == 0


def test_an_entry_handed_off_twice_is_published_once(bench: Bench) -> None:
    bench.add(b"0")
    (delivery,) = bench.reader.read(10, 0)
    assert bench.hand_off(bench.reader, [delivery, delivery]) == ["DONE", "GONE"]
    assert bodies(bench.out()) == [b"0"]


def test_a_second_entry_with_the_same_sequence_is_dropped(bench: Bench) -> None:
    bench.add(b"0", b"1")
    zero, one = bench.reader.read(10, 0)
    assert one.entry is not None
    again = Delivery(one.entry_id, replace(one.entry, sequence=0))
    assert bench.hand_off(bench.reader, [zero, again]) == ["DONE", "DUPLICATE"]
    assert bodies(bench.out()) == [b"0"]
    assert bench.streams.backlog(SOURCE, 0, "stage").pending == 0


def test_a_parked_sequence_that_comes_again_is_kept_once(bench: Bench) -> None:
    bench.add(b"0", b"1", b"2")
    zero, one, two = bench.reader.read(10, 0)
    assert two.entry is not None
    again = Delivery(two.entry_id, replace(two.entry, sequence=1))
    assert bench.hand_off(bench.reader, [one, again]) == ["PARKED", "DUPLICATE"]
    bench.hand_off(bench.reader, [zero])
    assert bodies(bench.out()) == [b"0", b"1"]


def test_sessions_do_not_wait_for_each_other(bench: Bench) -> None:
    bench.streams.append(SOURCE, Entry("a", "s", 0, body=b"a0"))
    bench.streams.append(SOURCE, Entry("a", "s", 1, body=b"a1"))
    bench.streams.append(SOURCE, Entry("b", "s", 0, body=b"b0"))
    _, a1, b0 = bench.reader.read(10, 0)
    bench.hand_off(bench.reader, [a1, b0])
    assert bodies(bench.out()) == [b"b0"]


def test_parked_entries_keep_every_field(bench: Bench) -> None:
    bench.add(b"0")
    bench.add(b"1", flags=frozenset({"silent", "clipped"}), codes=CODES[1])
    zero, one = bench.reader.read(10, 0)
    bench.hand_off(bench.reader, [one, zero])
    assert one.entry is not None
    assert bench.out()[1] == replace(one.entry, context=b"")


def test_context_is_the_patches_before_up_to_the_window(bench: Bench) -> None:
    for codes in (CODES[0], CODES[1] + CODES[2], CODES[3] + CODES[4] + CODES[5], CODES[6]):
        bench.add(b"x", codes=codes)
    deliveries = bench.reader.read(10, 0)
    bench.hand_off(bench.reader, [*reversed(deliveries)])
    contexts = [entry.context for entry in bench.out()]  # at most 4 patches: W = 5
    assert contexts == [
        b"",
        CODES[0],
        CODES[0] + CODES[1] + CODES[2],
        b"".join(CODES[2:6]),
    ]


def test_context_is_empty_after_a_gap_and_passes_entries_without_patches(bench: Bench) -> None:
    bench.add(b"0", codes=CODES[0])
    bench.add(b"1")
    bench.add(b"2", codes=CODES[1])
    bench.add(b"3", codes=CODES[2], flags=frozenset({"gap"}))
    bench.add(b"4", codes=CODES[3])
    bench.hand_off(bench.reader, bench.reader.read(10, 0))
    assert [entry.context for entry in bench.out()] == [b"", b"", CODES[0], b"", CODES[2]]


def test_at_the_bound_of_parking_an_entry_stays_pending(
    streams: MemoryStreams | RedisStreams,
) -> None:
    streams.policy = replace(streams.policy, park_limit=2)
    bench = Bench(streams)
    bench.add(b"0", b"1", b"2", b"3")
    zero, one, two, three = bench.reader.read(10, 0)
    assert bench.hand_off(bench.reader, [one, two, three]) == ["PARKED", "PARKED", "PARK_FULL"]
    assert bench.streams.backlog(SOURCE, 0, "stage").pending == 2
    assert bench.hand_off(bench.reader, [zero, three]) == ["DONE", "DONE"]
    assert bodies(bench.out()) == [b"0", b"1", b"2", b"3"]


def test_a_missing_sequence_is_not_skipped_while_an_older_entry_is_pending(bench: Bench) -> None:
    bench.add(b"0", b"1", b"2")
    zero, one, two = bench.reader.read(10, 0)
    bench.hand_off(bench.reader, [zero, two])
    assert bench.reader.tend().skipped == 0
    assert bodies(bench.out()) == [b"0"]
    bench.hand_off(bench.reader, [one])
    assert bodies(bench.out()) == [b"1", b"2"]


def test_a_sequence_that_can_no_longer_come_becomes_a_tombstone(bench: Bench) -> None:
    bench.add(b"0", b"1", b"2", b"3", codes=CODES[0])
    zero, one, two, three = bench.reader.read(10, 0)
    bench.hand_off(bench.reader, [zero, three])
    bench.reader.acknowledge([one.entry_id, two.entry_id])  # lost behind the hand-off's back
    assert bench.reader.tend().skipped == 2
    out = bench.out()
    assert [(entry.sequence, entry.is_tombstone) for entry in out] == [
        (0, False),
        (1, True),
        (2, True),
        (3, False),
    ]
    assert out[1].flags == {"gap", "tombstone"}
    assert out[3].context == b""
    assert bench.reader.tend().skipped == 0


def test_a_session_older_than_its_state_goes_on_after_a_gap_and_loses_nothing(
    bench: Bench,
) -> None:
    bench.add(b"0", b"1", b"2")
    zero, one, two = bench.reader.read(10, 0)
    bench.reader.acknowledge([zero.entry_id])
    bench.hand_off(bench.reader, [two, one])
    assert bench.reader.tend().skipped == 0
    out = bench.out()
    assert bodies(out) == [b"1", b"2"]
    assert out[0].flags == {"gap"}
    assert out[1].flags == frozenset()


def test_a_dead_letter_goes_on_as_a_tombstone_in_its_place(bench: Bench) -> None:
    bench.add(b"0", b"bad", b"2", flags=frozenset({"silent"}), codes=CODES[0])
    zero, bad, two = bench.reader.read(10, 0)
    bench.hand_off(bench.reader, [two, zero])
    assert bench.reader.bury(bad, "no such thing").value == "DONE"
    out = bench.out()
    assert [entry.sequence for entry in out] == [0, 1, 2]
    assert out[1] == Entry("d", "s", 1, frozenset({"gap", "poison", "silent", "tombstone"}))
    assert out[2].context == b""
    assert bench.streams.backlog(SOURCE, 0, "stage").pending == 0


def test_a_dead_letter_that_must_wait_is_parked_as_a_tombstone(bench: Bench) -> None:
    bench.add(b"0", b"bad")
    zero, bad = bench.reader.read(10, 0)
    assert bench.reader.bury(bad, "wrong").value == "PARKED"
    assert bench.out() == []
    bench.hand_off(bench.reader, [zero])
    assert [entry.is_tombstone for entry in bench.out()] == [False, True]


def test_somebody_elses_entry_cannot_be_buried_twice(bench: Bench) -> None:
    bench.add(b"bad")
    (bad,) = bench.reader.read(10, 0)
    assert bench.reader.bury(bad, "wrong").value == "DONE"
    assert bench.reader.bury(bad, "wrong").value == "GONE"

from __future__ import annotations

from dataclasses import replace

from earshot.streams.entry import Entry
from earshot.streams.memory_streams import MemoryStreams
from earshot.streams.port import Backlog, Stage, Streams
from earshot.streams.redis_streams import RedisStreams
from tests.contract.streams.bench import FEED, SOURCE, STAGE, Bench


def test_each_entry_goes_to_one_consumer_of_a_group(bench: Bench) -> None:
    other = bench.streams.reader(STAGE, 0, "other")
    bench.add(b"0", b"1", b"2")
    mine, theirs = bench.reader.read(2, 0), other.read(2, 0)
    assert [d.entry.body for d in mine + theirs if d.entry] == [b"0", b"1", b"2"]
    assert len(mine) == 2


def test_a_group_that_comes_late_gets_everything_that_is_kept(bench: Bench) -> None:
    bench.add(b"0", b"1")
    bench.reader.read(10, 0)
    guest = bench.streams.reader(Stage(SOURCE, "guest"), 0, "g")
    guest.join()
    assert len(guest.read(10, 0)) == 2


def test_joining_twice_changes_nothing(bench: Bench) -> None:
    bench.add(b"0")
    bench.reader.read(10, 0)
    bench.reader.join()
    assert bench.reader.read(10, 0) == []


def test_claim_takes_over_what_is_idle_oldest_first_ones_own_included(bench: Bench) -> None:
    bench.add(b"0", b"1", b"2")
    bench.reader.read(2, 0)
    bench.streams.reader(STAGE, 0, "dead").read(1, 0)
    claimed, num_lost = bench.reader.claim(0, 10)
    assert [d.entry.body for d in claimed if d.entry] == [b"0", b"1", b"2"]
    assert num_lost == 0


def test_claim_leaves_what_is_not_idle_long_enough(bench: Bench) -> None:
    bench.add(b"0")
    bench.reader.read(1, 0)
    assert bench.reader.claim(60, 10) == ([], 0)


def test_claim_of_one_at_a_time_reaches_the_end_of_a_long_list(bench: Bench) -> None:
    bench.add(*[b"x"] * 50)
    deliveries = bench.reader.read(50, 0)
    bench.hand_off(bench.reader, deliveries[:49])
    claimed, _ = bench.reader.claim(0, 1)
    assert [d.entry_id for d in claimed] == [deliveries[49].entry_id]


def test_attempts_are_counted_taken_back_and_cleared_by_the_hand_off(bench: Bench) -> None:
    bench.add(b"0")
    (delivery,) = bench.reader.read(1, 0)
    assert bench.reader.begin_attempt(delivery.entry_id) == 1
    assert bench.reader.begin_attempt(delivery.entry_id) == 2
    bench.reader.withdraw_attempt(delivery.entry_id)
    assert bench.reader.begin_attempt(delivery.entry_id) == 2
    bench.hand_off(bench.reader, [delivery])
    assert bench.reader.begin_attempt(delivery.entry_id) == 1


def test_backlog_counts_unread_and_pending(bench: Bench) -> None:
    assert bench.streams.backlog(SOURCE, 0, "stage") == Backlog(0, 0)
    bench.add(b"0", b"1", b"2")
    bench.reader.read(2, 0)
    assert bench.streams.backlog(SOURCE, 0, "stage") == Backlog(1, 2)
    assert bench.streams.backlog(SOURCE, 0, "nobody") == Backlog(3, 0)


def test_trimming_keeps_what_the_owner_has_not_acknowledged(bench: Bench) -> None:
    bench.add(b"0", b"1", b"2", b"3")
    zero, one, two = bench.reader.read(3, 0)
    bench.hand_off(bench.reader, [zero, two])
    assert bench.reader.tend().trimmed == 1
    claimed, _ = bench.reader.claim(0, 10)
    assert [d.entry_id for d in claimed] == [one.entry_id]
    assert len(bench.reader.read(10, 0)) == 1


def test_a_guest_holds_entries_back_only_within_its_retention(
    streams: MemoryStreams | RedisStreams,
) -> None:
    bench = Bench(streams)
    guest = bench.streams.reader(Stage(SOURCE, "guest"), 0, "g")
    guest.join()
    bench.add(b"0", b"1", b"2")
    guest.read(1, 0)
    bench.hand_off(bench.reader, bench.reader.read(10, 0))
    assert bench.reader.tend().trimmed == 0
    streams.policy = replace(streams.policy, guest_retention_s=-1)
    tended = bench.streams.reader(STAGE, 0, "one").tend()
    assert (tended.trimmed, tended.trimmed_past) == (3, (("guest", 3),))
    claimed, num_lost = guest.claim(0, 10)
    assert (claimed, num_lost) == ([], 1)


def test_nothing_is_trimmed_before_the_owner_has_come(streams: Streams) -> None:
    streams.append(SOURCE, Entry("d", "s", 0, body=b"x"))
    guest = streams.reader(Stage(SOURCE, "guest"), 0, "g")
    guest.join()
    guest.acknowledge([d.entry_id for d in guest.read(10, 0)])
    assert guest.tend().trimmed == 0


def test_relay_adds_each_position_once(streams: Streams) -> None:
    def events(*numbers: int) -> list[Entry]:
        return [Entry("d", "s", number, body=str(number).encode()) for number in numbers]

    assert streams.relay_position(FEED, "p00") == 0
    assert streams.relay(FEED, "p00", 1, events(1, 2)) == 2
    assert streams.relay(FEED, "p00", 1, events(1, 2, 3)) == 3
    assert streams.relay(FEED, "p00", 7, events(7)) == 3
    assert streams.relay(FEED, "p01", 1, events(1)) == 1
    assert streams.relay_position(FEED, "p00") == 3
    guest = streams.reader(Stage(FEED, "guest"), 0, "g")
    guest.join()
    bodies = [d.entry.body for d in guest.read(10, 0) if d.entry]
    assert bodies == [b"1", b"2", b"3", b"1"]


def test_relay_passes_over_positions_of_which_the_writer_says_that_nothing_has_them(
    streams: Streams,
) -> None:
    def events(*numbers: int) -> list[Entry]:
        return [Entry("d", "s", number, body=str(number).encode()) for number in numbers]

    assert streams.relay(FEED, "p00", 5, events(5, 6), 0) == 6
    assert streams.relay(FEED, "p00", 5, events(5, 6), 0) == 6
    assert streams.relay(FEED, "p00", 9, events(9), 8) == 6
    assert streams.relay(FEED, "p00", 9, events(9, 10), 6) == 10
    assert streams.relay(FEED, "p00", 10, events(10, 11), 4) == 11
    guest = streams.reader(Stage(FEED, "guest"), 0, "g")
    guest.join()
    bodies = [d.entry.body for d in guest.read(10, 0) if d.entry]
    assert bodies == [b"5", b"6", b"9", b"10", b"11"]


def test_a_consumer_with_pending_entries_keeps_its_name(bench: Bench) -> None:
    bench.add(b"0")
    bench.reader.read(1, 0)
    bench.reader.leave()
    claimed, _ = bench.streams.reader(STAGE, 0, "other").claim(0, 10)
    assert len(claimed) == 1

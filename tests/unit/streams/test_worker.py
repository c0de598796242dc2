"""The loop and its handling, over the streams in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from prometheus_client import CollectorRegistry

from earshot.streams import BadMessage, DependencyAway, Entry, Topic, consumer
from earshot.streams.handling import MAX_ATTEMPTS
from earshot.streams.loop_metrics import LoopMetrics
from earshot.streams.memory_streams import MemoryStreams
from earshot.streams.policy import Policy
from earshot.streams.port import Backlog, Stage
from earshot.streams.worker import LoopOptions, PartitionLoop, Worker


def same(entry: Entry) -> Entry:
    if entry.body == b"undecodable":
        raise BadMessage("cannot be decoded")
    return entry


SOURCE: Topic[Entry] = Topic("source", same, same, owner="stage")
TARGET: Topic[Entry] = Topic("target", same, same, owner="next")
IMPATIENT = LoopOptions(claim_idle_s=0, tend_every_s=0)
Handler = Callable[[Sequence[Entry]], Sequence[Entry]]


@pytest.fixture
def streams() -> MemoryStreams:
    return MemoryStreams(Policy(partitions=2))


def add(streams: MemoryStreams, *bodies: bytes) -> None:
    for sequence, body in enumerate(bodies):
        streams.append(SOURCE, Entry("d", "s", sequence, body=body))


def run(streams: MemoryStreams, handler: Handler) -> list[tuple[int, bytes, bool]]:
    registry = CollectorRegistry()
    stage = Stage(SOURCE, "stage", TARGET)
    Worker(streams, stage, handler, LoopMetrics(registry), IMPATIENT).run_until_idle()
    out: list[tuple[int, bytes, bool]] = []
    for partition in range(2):
        deliveries = streams.reader(Stage(TARGET, "next"), partition, "n").read(100, 0)
        out += [
            (d.entry.sequence, d.entry.body, d.entry.is_tombstone) for d in deliveries if d.entry
        ]
    return out


def upper(entries: Sequence[Entry]) -> list[Entry]:
    return [replace(entry, body=entry.body.upper()) for entry in entries]


def test_results_are_handed_off(streams: MemoryStreams) -> None:
    add(streams, b"a", b"b")
    assert run(streams, upper) == [(0, b"A", False), (1, b"B", False)]


def test_only_the_guilty_entry_of_a_batch_dies(streams: MemoryStreams) -> None:
    def picky(entries: Sequence[Entry]) -> list[Entry]:
        if any(entry.body == b"b" for entry in entries):
            raise BadMessage("b is not liked")
        return upper(entries)

    add(streams, b"a", b"b", b"c")
    assert run(streams, picky) == [(0, b"A", False), (1, b"", True), (2, b"C", False)]
    assert [reason for _, reason in streams.dead] == ["b is not liked"]


def test_an_unexpected_error_is_tried_three_times(streams: MemoryStreams) -> None:
    calls = 0

    def broken(entries: Sequence[Entry]) -> list[Entry]:
        nonlocal calls
        calls += 1
        raise RuntimeError("no")

    add(streams, b"a")
    assert run(streams, broken) == [(0, b"", True)]
    assert calls == 1 + MAX_ATTEMPTS  # once in its batch, then alone
    assert [reason for _, reason in streams.dead] == ["RuntimeError: no"]


def test_an_absent_dependency_is_waited_for_and_costs_no_attempt(streams: MemoryStreams) -> None:
    failures = iter([True] * 4)

    def patient(entries: Sequence[Entry]) -> list[Entry]:
        if next(failures, False):
            raise DependencyAway("not yet")
        return upper(entries)

    add(streams, b"a")
    assert run(streams, patient) == [(0, b"A", False)]
    assert streams.dead == []


def test_a_handler_that_returns_too_little_is_an_error_not_a_loss(streams: MemoryStreams) -> None:
    add(streams, b"a", b"b")
    run(streams, lambda entries: [])
    assert [reason for _, reason in streams.dead] == [
        "TypeError: the handler was given 1 and returned 0"
    ] * 2


def test_what_cannot_be_decoded_never_meets_the_handler(streams: MemoryStreams) -> None:
    seen: list[bytes] = []

    def note(entries: Sequence[Entry]) -> list[Entry]:
        seen.extend(entry.body for entry in entries)
        return upper(entries)

    add(streams, b"a", b"undecodable")
    assert run(streams, note) == [(0, b"A", False), (1, b"", True)]
    assert seen == [b"a"]


def test_tombstones_pass_on_without_the_handler(streams: MemoryStreams) -> None:
    streams.append(SOURCE, Entry("d", "s", 0, frozenset({"gap", "tombstone"})))
    assert run(streams, lambda entries: pytest.fail("called")) == [(0, b"", True)]


def test_a_consumer_stays_a_function_and_gets_each_message_once(streams: MemoryStreams) -> None:
    seen: list[bytes] = []

    @consumer(SOURCE, group="guest")
    def note(entry: Entry) -> None:
        """Notes it."""
        seen.append(entry.body)

    note(Entry("d", "s", 0, body=b"called"))
    add(streams, b"a", b"b")
    note.run_until_idle(streams)
    note.run_until_idle(streams)
    assert seen == [b"called", b"a", b"b"]
    assert note.__doc__ == "Notes it."


def test_a_failing_message_does_not_repeat_those_before_it(streams: MemoryStreams) -> None:
    seen: list[bytes] = []

    @consumer(SOURCE, group="guest")
    def note(entry: Entry) -> None:
        if entry.body == b"b":
            raise BadMessage("not b")
        seen.append(entry.body)

    add(streams, b"a", b"b", b"c")
    note.run_until_idle(streams)
    assert seen == [b"a", b"c"]


def test_what_a_consumer_has_handled_is_acknowledged_before_the_next(
    streams: MemoryStreams,
) -> None:
    pending: list[int] = []

    @consumer(SOURCE, group="guest")
    def note(entry: Entry) -> None:
        backlogs = [streams.backlog(SOURCE, partition, "guest") for partition in range(2)]
        pending.append(sum(backlog.pending for backlog in backlogs))

    add(streams, b"a", b"b", b"c")
    note.run_until_idle(streams)
    assert pending == [3, 2, 1]


def test_a_stopped_worker_leaves_what_it_holds_pending() -> None:
    streams = MemoryStreams(Policy(partitions=1))
    add(streams, b"a")

    def away(entries: Sequence[Entry]) -> list[Entry]:
        worker.stop.set()
        raise DependencyAway("and told to stop")

    stage = Stage(SOURCE, "stage", TARGET)
    worker = Worker(streams, stage, away, LoopMetrics(CollectorRegistry()), IMPATIENT)
    PartitionLoop(worker, 0).run()
    assert streams.backlog(SOURCE, 0, "stage") == Backlog(unread=0, pending=1)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from earshot.contracts.messages import Flags
from earshot.events.event import EndReason, EventState
from earshot.store.devices import get_device
from earshot.store.event_queries import list_events
from earshot.store.filter import EventFilter
from earshot.streams.entry import GAP, POISON, TOMBSTONE, Entry
from earshot.streams.errors import DependencyAway
from earshot.topics import EVENTS, PREDICTIONS
from tests.integration.notifier.conftest import Bench
from tests.integration.notifier.feeding import (
    BORN_NS,
    HOP_NS,
    after_poison,
    barks,
    expected_bodies,
    expected_events,
    prediction,
    soundscape,
)


def test_predictions_become_events_in_the_database_and_on_the_stream(
    make_bench: Callable[[str], Bench], database_url: str
) -> None:
    bench = make_bench(database_url)
    played = soundscape(seed=1, num_devices=3, num_entries=30)
    bench.play(played)

    bench.notifier().run_until_idle()

    expected = expected_events(played, bench.taxonomy)
    assert len(expected) > 50
    assert bench.committed() == bench.sent() == expected_bodies(played, bench.taxonomy)
    newest = {event.event_id: event for event in expected}
    found = list_events(bench.engine, EventFilter(), limit=1000).events
    assert {event.event_id: event for event in found} == newest
    assert all(event.state is EventState.ENDED for event in found)
    assert bench.pending() == 0


def test_the_stream_holds_what_consumers_decode(bench: Bench) -> None:
    played = barks(2)
    bench.play(played)

    bench.notifier().run_until_idle()

    entries = [entry for _, entry in bench.streams.log(EVENTS, 0).entries.values()]
    expected = expected_events(played, bench.taxonomy)
    assert [EVENTS.decode(entry) for entry in entries] == expected
    assert entries == [EVENTS.encode(event) for event in expected]


@pytest.mark.parametrize("cut", range(1, 12))
def test_another_process_goes_on_where_the_last_one_was(bench: Bench, cut: int) -> None:
    played = soundscape(seed=2, num_devices=2, num_entries=6)
    bench.play(played[:cut])
    bench.notifier().run_until_idle()
    bench.play(played[cut:])

    bench.notifier().run_until_idle()

    assert bench.committed() == bench.sent() == expected_bodies(played, bench.taxonomy)


def test_a_device_is_known_by_its_first_and_newest_message(bench: Bench) -> None:
    bench.play(barks(5))

    bench.notifier().run_until_idle()

    device = get_device(bench.engine, "kitchen")
    assert device is not None
    assert device.first_seen_at_ns == BORN_NS
    assert device.last_heard_at_ns == BORN_NS + 4 * HOP_NS


def test_what_was_committed_before_is_skipped(bench: Bench) -> None:
    played = barks(6)
    bench.play([*played[:4], *played[1:3], *played[2:]])

    bench.notifier().run_until_idle()

    assert bench.committed() == expected_bodies(played, bench.taxonomy)
    assert bench.count("entries_duplicate", topic="predictions") == 4
    assert bench.pending() == 0


def test_entries_that_wait_on_another_consumer_are_taken_over_in_order(bench: Bench) -> None:
    played = barks(6)
    bench.play(played)
    group = bench.streams.log(PREDICTIONS, 0).groups[PREDICTIONS.owner]
    group.pending, group.delivered = {1: 0.0, 2: 0.0, 3: 0.0}, 3

    bench.notifier().run_until_idle()

    assert bench.committed() == expected_bodies(played, bench.taxonomy)
    assert bench.count("entries_redelivered", topic="predictions") == 3


def test_a_missing_entry_is_looked_for_among_the_pending_first(bench: Bench) -> None:
    played = barks(6)
    bench.play(played[:2])
    notifier = bench.notifier()
    notifier.run_until_idle()
    # Somebody else was given 2 and 3 and died, after this process had looked.
    bench.play(played[2:])
    group = bench.streams.log(PREDICTIONS, 0).groups[PREDICTIONS.owner]
    group.pending, group.delivered = {3: 0.0, 4: 0.0}, 4

    while notifier.step():
        pass

    assert bench.committed() == expected_bodies(played, bench.taxonomy)
    assert bench.count("entries_lost", topic="predictions", reason="gap") == 0


def test_a_sequence_that_cannot_come_any_more_is_a_counted_gap(bench: Bench) -> None:
    loud = (0.75, 0.0, 0.0)
    played = [prediction(n, n, [loud]) for n in range(6)]
    bench.play([*played[:2], *played[4:]])

    bench.notifier().run_until_idle()

    after = replace(played[4], header=replace(played[4].header, flags=Flags.GAP))
    without = [*played[:2], after, played[5]]
    assert bench.committed() == expected_bodies(without, bench.taxonomy)
    assert len(bench.committed()) == 3
    assert bench.count("entries_lost", topic="predictions", reason="gap") == 2


@pytest.mark.parametrize("reason", ["", POISON])
def test_a_tombstone_ends_what_was_open_and_takes_its_sequence(bench: Bench, reason: str) -> None:
    loud = (0.75, 0.0, 0.0)
    bench.play([prediction(0, 0, [loud])])
    flags = {GAP, TOMBSTONE, reason} if reason else {GAP, TOMBSTONE}
    tombstone = Entry("kitchen", "01J", 1, frozenset(flags))
    bench.streams.log(PREDICTIONS, 0).add(tombstone, 0.0)
    bench.play([prediction(2, 2, [loud])])

    bench.notifier().run_until_idle()

    started, ended = list_events(bench.engine, EventFilter()).events
    assert (started.state, started.gap_reason) == (EventState.STARTED, "")
    assert (ended.state, ended.end_reason) == (EventState.ENDED, EndReason.GAP)
    assert ended.gap_reason == reason
    assert bench.last_sequence() == 2
    assert bench.count("entries_lost", topic="predictions", reason="gap") == 0


GARBAGE = Entry("kitchen", "01J", 1, body=b"garbage")
WIDE = replace(
    prediction(1, 1, [(0.5, 0.5, 0.5)]),
    scores=np.zeros((1, 4), np.float16),
    patch_scores=np.zeros((1, 4), np.float16),
)
BAD = {
    "no protobuf": (GARBAGE, "the body is no earshot.contracts.v1.Prediction"),
    "model": (replace(prediction(1, 1, [(0, 0, 0)]), model="../x@1"), "is not a name@version"),
    "width": (WIDE, "scores are 1x4; the model's labels are 3"),
    "score": (prediction(1, 1, [(1.5, 0, 0)]), "a score is not from 0 to 1"),
    "back in time": (prediction(1, 0, [(0, 0, 0)]), "first_sample 0 is before 15360"),
}


@pytest.mark.parametrize(("bad", "reason"), BAD.values(), ids=BAD.keys())
def test_a_bad_entry_becomes_a_dead_letter_and_a_gap(bench: Bench, bad: Entry, reason: str) -> None:
    loud = (0.75, 0.0, 0.0)
    entry = bad if isinstance(bad, Entry) else PREDICTIONS.encode(bad)
    first, last = prediction(0, 0, [loud]), after_poison(prediction(2, 2, [loud]))
    bench.play([first])
    bench.streams.log(PREDICTIONS, 0).add(entry, 0.0)
    bench.play([prediction(2, 2, [loud])])

    bench.notifier().run_until_idle()

    ((dead, why),) = bench.streams.dead
    assert dead == entry
    assert reason in why
    assert bench.committed() == expected_bodies([first, last], bench.taxonomy)
    assert bench.pending() == 0
    assert bench.count("entries_dead", topic="predictions") == 1


def test_a_mistake_of_ours_costs_one_entry_and_no_event(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    played = barks(6)
    bench.play(played)
    follow = "services.notifier.work.follow"
    from services.notifier.handler import follow as real

    def failing(tracker, message, members_of):  # type: ignore[no-untyped-def]
        if message.header.sequence == 3:
            tracker.break_off()
            raise ZeroDivisionError("oops")
        return real(tracker, message, members_of)

    monkeypatch.setattr(follow, failing)
    bench.notifier().run_until_idle()

    assert [reason for _, reason in bench.streams.dead] == ["ZeroDivisionError: oops"]
    without = [*played[:3], after_poison(played[4]), played[5]]
    assert bench.committed() == expected_bodies(without, bench.taxonomy)


def test_predictions_of_a_model_whose_labels_are_missing_wait_for_them(bench: Bench) -> None:
    played = barks(4)
    moved = [replace(message, model="other@7") for message in played[2:]]
    bench.play([*played[:2], *moved])
    notifier = bench.notifier()

    with pytest.raises(DependencyAway, match=r"model other@7: .*labels\.csv: cannot be read"):
        notifier.run_until_idle()

    assert bench.committed() == expected_bodies(played[:2], bench.taxonomy)
    assert bench.streams.dead == []
    (bench.models_dir / "other").mkdir()
    toy = bench.models_dir / "toy" / "1"
    toy.rename(bench.models_dir / "other" / "7")
    notifier.run_until_idle()
    assert bench.committed() == expected_bodies([*played[:2], *moved], bench.taxonomy)


def test_each_committed_revision_is_counted(bench: Bench) -> None:
    bench.play(barks(5))

    bench.notifier().run_until_idle()

    assert bench.count("event_revisions", label="Dog", state="started") == 3
    assert bench.count("event_revisions", label="Dog", state="ended") == 2


def test_sessions_dropped_from_memory_come_back_from_the_database(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notifier.tracking.MAX_KEPT", 2)
    monkeypatch.setattr("services.notifier.loop.BATCH_ENTRIES", 5)
    played = soundscape(seed=9, num_devices=4, num_entries=10)
    bench.play(played)

    bench.notifier().run_until_idle()

    assert bench.committed() == expected_bodies(played, bench.taxonomy)

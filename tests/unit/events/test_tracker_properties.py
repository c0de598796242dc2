"""Whatever the scores: batches and restarts change nothing, and events make sense."""

from __future__ import annotations

import json
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from earshot.contracts.messages import Flags
from earshot.events.event import EventState, SoundEvent
from earshot.events.taxonomy import Taxonomy
from earshot.events.tracker import Tracker
from tests.unit.events.feeding import DEVICE, SESSION, feed, label, taxonomy

LABELS = taxonomy(
    label("Dog", on=0.5, off=0.3), label("Siren", duration=3, gap=2), label("Rain", gap=1)
)
SCORES = st.lists(
    st.tuples(*[st.integers(0, 64).map(lambda n: n / 64)] * len(LABELS.labels)),
    min_size=1,
    max_size=40,
)
LEVELS = [-20.0 - n % 7 for n in range(100)]


def restarted(tracker: Tracker, labels: Taxonomy) -> Tracker:
    state = json.loads(json.dumps(tracker.to_state()))
    return Tracker.from_state(labels, DEVICE, SESSION, state)


def follow(
    scores: list[tuple[float, ...]], cuts: set[int], gaps: set[int], *, restart: bool
) -> list[SoundEvent]:
    """Feeds the scores as entries that begin at each cut and, with a gap, at each gap."""
    tracker, revised = Tracker(LABELS, DEVICE, SESSION), []
    starts = sorted({0} | {n for n in cuts | gaps if n < len(scores)})
    for start, end in pairwise([*starts, len(scores)]):
        flags = Flags.GAP if start in gaps else Flags.NONE
        flags |= Flags.END_OF_SESSION if end == len(scores) else Flags.NONE
        revised += feed(tracker, scores[start:end], start, flags, LEVELS[start:end])
        tracker = restarted(tracker, LABELS) if restart else tracker
    return revised


PLACES = st.sets(st.integers(1, 39))


@given(SCORES, PLACES, PLACES, st.booleans())
def test_batching_and_restarts_change_nothing(
    scores: list[tuple[float, ...]], cuts: set[int], gaps: set[int], restart: bool
) -> None:
    assert follow(scores, cuts, gaps, restart=restart) == follow(scores, set(), gaps, restart=False)


@given(SCORES, PLACES)
def test_events_of_a_label_follow_each_other(
    scores: list[tuple[float, ...]], gaps: set[int]
) -> None:
    revised = follow(scores, set(), gaps, restart=False)

    for name in ("Dog", "Siren", "Rain"):
        ends = [e for e in revised if e.label == name and e.state is EventState.ENDED]
        assert all(a.offset_sample <= b.onset_sample for a, b in pairwise(ends))
        assert all(e.onset_sample < e.offset_sample for e in ends)
        assert all(e.onset_at_ns < e.offset_at_ns for e in ends)
        assert all(0 < e.mean_score <= e.peak_score <= 1 for e in ends)


@given(SCORES, PLACES)
def test_every_event_starts_once_and_ends_once(
    scores: list[tuple[float, ...]], gaps: set[int]
) -> None:
    revised = follow(scores, set(), gaps, restart=False)

    lives: dict[str, list[tuple[int, EventState]]] = {}
    for event in revised:
        lives.setdefault(event.event_id, []).append((event.revision, event.state))
    whole_life = [(1, EventState.STARTED), (2, EventState.ENDED)]
    assert all(life == whole_life for life in lives.values())

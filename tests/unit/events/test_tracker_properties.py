"""Whatever the scores: batches, restarts and redeliveries change nothing, and events make sense."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from earshot.contracts.messages import Flags
from earshot.events.event import EndReason, EventState, SoundEvent
from earshot.events.taxonomy import Scene, Scenes, Taxonomy
from earshot.events.tracker import Tracker
from tests.unit.events.feeding import DEVICE, HOP, SESSION, header, label

LABELS = (
    label("Bark", on=0.5, off=0.3, parent="Animal"),
    label("Animal", start_patches=2, start_window_patches=3, gap=1),
    label("Siren", duration=3, gap=2, masks=("Rain", "Bark"), priority="high"),
    label("Rain", gap=1, longest=4),
    label("Alarm", start_patches=2, start_window_patches=4, longest=5, masks=("Rain", "Siren")),
)
SCENES = (Scene("Street", (), (), 0.3), Scene("Kitchen", (), (), 0.3))
TAXONOMY = Taxonomy(LABELS, Scenes(SCENES, window_patches=3, dwell_samples=2 * HOP))
MASKERS = {m.name: {x.name for x in LABELS if m.name in (*x.masks, x.parent)} for m in LABELS}

NUM_PATCHES = 40
Scores: TypeAlias = list[tuple[float, ...]]
NUM_COLUMNS = len(LABELS) + len(SCENES)
SCORES = st.lists(
    st.tuples(*[st.integers(0, 64).map(lambda n: n / 64)] * NUM_COLUMNS),
    min_size=1,
    max_size=NUM_PATCHES,
)
PLACES = st.sets(st.integers(1, NUM_PATCHES - 1))
LEVELS = np.array([-20.0 - n % 7 for n in range(NUM_PATCHES)], np.float32)


def hear(
    tracker: Tracker, scores: Scores, start: int, end: int, gaps: set[int]
) -> list[SoundEvent]:
    """Feeds patches `start` to `end` as one entry; the last one ends the session."""
    flags = Flags.GAP if start in gaps else Flags.NONE
    flags |= Flags.END_OF_SESSION if end == len(scores) else Flags.NONE
    columns = np.array(scores[start:end], np.float16)
    labels, scenes = columns[:, : len(LABELS)], columns[:, len(LABELS) :]
    place = header(start, flags, gap_reason="overflow" if start in gaps else "")
    return tracker.advance(place, labels, LEVELS[start:end], ("model@1",), scenes)


def restarted(state: str) -> Tracker:
    return Tracker.from_state(TAXONOMY, DEVICE, SESSION, json.loads(state))


def entries(scores: Scores, starts: set[int]) -> list[tuple[int, int]]:
    """Where each entry begins and ends when one begins at each of these patches."""
    return list(pairwise([*sorted({0} | {n for n in starts if n < len(scores)}), len(scores)]))


def follow(scores: Scores, gaps: set[int], cuts: set[int] | None = None) -> list[list[SoundEvent]]:
    """What each entry changed; entries begin at each gap and cut, by default at every patch."""
    tracker = Tracker(TAXONOMY, DEVICE, SESSION)
    starts = set(range(len(scores))) if cuts is None else cuts | gaps
    return [hear(tracker, scores, *entry, gaps) for entry in entries(scores, starts)]


def flat(revised: list[list[SoundEvent]]) -> list[SoundEvent]:
    return [event for revisions in revised for event in revisions]


@given(SCORES, PLACES, PLACES)
def test_batching_changes_nothing(scores: Scores, gaps: set[int], cuts: set[int]) -> None:
    assert flat(follow(scores, gaps, cuts)) == flat(follow(scores, gaps))


@given(SCORES, PLACES, PLACES)
def test_restarts_and_redeliveries_change_nothing(
    scores: Scores, gaps: set[int], cuts: set[int]
) -> None:
    expected = follow(scores, gaps, cuts)

    state = json.dumps(Tracker(TAXONOMY, DEVICE, SESSION).to_state(), allow_nan=False)
    for entry, revisions in zip(entries(scores, cuts | gaps), expected, strict=True):
        assert hear(restarted(state), scores, *entry, gaps) == revisions
        tracker = restarted(state)
        assert hear(tracker, scores, *entry, gaps) == revisions
        state = json.dumps(tracker.to_state(), allow_nan=False)


@given(SCORES, PLACES)
def test_events_of_a_label_follow_each_other_and_scenes_too(scores: Scores, gaps: set[int]) -> None:
    ends = [e for e in flat(follow(scores, gaps)) if e.state is EventState.ENDED]

    scenes = [e for e in ends if e.category == "scene"]
    for group in (scenes, *([e for e in ends if e.label == one.name] for one in LABELS)):
        assert all(a.offset_sample <= b.onset_sample for a, b in pairwise(group))
        assert all(e.onset_sample < e.offset_sample for e in group)
        assert all(e.onset_at_ns < e.offset_at_ns for e in group)
        assert all(0 <= e.quiet_samples < e.offset_sample - e.onset_sample for e in group)
        assert all(0 < e.mean_score <= e.peak_score <= 1 for e in group)


@given(SCORES, PLACES)
def test_every_event_starts_once_ends_once_and_counts_its_revisions(
    scores: Scores, gaps: set[int]
) -> None:
    lives: dict[str, list[SoundEvent]] = {}
    for event in flat(follow(scores, gaps)):
        lives.setdefault(event.event_id, []).append(event)

    for life in lives.values():
        started, *between, ended = life
        assert [event.revision for event in life] == list(range(1, len(life) + 1))
        assert (started.state, ended.state) == (EventState.STARTED, EventState.ENDED)
        assert all(event.state is EventState.UPDATED for event in between)
        assert all(a.offset_sample <= b.offset_sample for a, b in pairwise(life))
        assert len({event.scene for event in life}) == 1
        assert all(event.end_reason is EndReason.NONE for event in life[:-1])
        assert ended.end_reason is not EndReason.NONE
        assert (ended.gap_reason == "overflow") == (ended.end_reason is EndReason.GAP)


@given(SCORES, PLACES)
def test_events_are_suppressed_by_one_that_masks_them_exactly_while_one_lasts(
    scores: Scores, gaps: set[int]
) -> None:
    lasting: dict[str, SoundEvent] = {}
    for revisions in follow(scores, gaps):
        known = lasting | {event.event_id: event for event in revisions}
        for event in revisions:
            lasting[event.event_id] = event
            if event.suppressed_by:
                assert known[event.suppressed_by].label in MASKERS[event.label]
        lasting = {e.event_id: e for e in lasting.values() if e.state is not EventState.ENDED}
        names = {event.label for event in lasting.values()}
        for event in lasting.values():
            is_masked = bool(names & MASKERS.get(event.label, set()))
            assert (event.suppressed_by in lasting) == bool(event.suppressed_by) == is_masked

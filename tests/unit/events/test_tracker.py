from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from earshot.contracts.messages import Flags
from earshot.events.errors import BadScores
from earshot.events.event import EndReason, EventState, SoundEvent, event_id
from earshot.events.tracker import Tracker
from tests.unit.events.feeding import (
    BORN_NS,
    DEVICE,
    HOP,
    HOP_NS,
    SESSION,
    brief,
    feed,
    header,
    label,
    taxonomy,
)

CASES = {
    "nothing happens below on": ({}, [0.4, 0.49, 0.3], []),
    "starts at on, ends at the first patch below off": (
        {},
        [0.1, 0.5, 0.1],
        ["Dog 1 started 1-2", "Dog 2 ended 1-2"],
    ),
    "goes on between off and on": (
        {},
        [0.6, 0.25, 0.3, 0.1],
        ["Dog 1 started 0-1", "Dog 2 ended 0-3"],
    ),
    "does not start between off and on": ({}, [0.3, 0.3, 0.49], []),
    "a new onset after the end is another event": (
        {},
        [0.6, 0.1, 0.6, 0.1],
        ["Dog 1 started 0-1", "Dog 2 ended 0-1", "Dog 1 started 2-3", "Dog 2 ended 2-3"],
    ),
    "a pause as long as the merge gap is bridged": (
        {"gap": 2},
        [0.6, 0.1, 0.1, 0.6, 0.1, 0.1, 0.1],
        ["Dog 1 started 0-1", "Dog 2 ended 0-4"],
    ),
    "a pause longer than the merge gap is not": (
        {"gap": 1},
        [0.6, 0.1, 0.1, 0.6, 0.1, 0.1],
        ["Dog 1 started 0-1", "Dog 2 ended 0-1", "Dog 1 started 3-4", "Dog 2 ended 3-4"],
    ),
    "a pause is not bridged by a score that only holds": (
        {"gap": 1},
        [0.6, 0.1, 0.4, 0.6],
        ["Dog 1 started 0-1", "Dog 2 ended 0-1", "Dog 1 started 3-4"],
    ),
    "starts when it has lasted the minimum": (
        {"duration": 3},
        [0.6, 0.3, 0.3, 0.3, 0.1],
        ["Dog 1 started 0-3", "Dog 2 ended 0-4"],
    ),
    "is forgotten when it never lasts the minimum": ({"duration": 3}, [0.9, 0.9, 0.1, 0.9], []),
    "the minimum counts from onset to end, bridged pauses included": (
        {"duration": 3, "gap": 1},
        [0.6, 0.1, 0.6, 0.1, 0.1],
        ["Dog 1 started 0-3", "Dog 2 ended 0-3"],
    ),
}


@pytest.mark.parametrize(("numbers", "scores", "expected"), CASES.values(), ids=CASES.keys())
def test_scores_become_events(
    numbers: dict[str, Any], scores: list[float], expected: list[str]
) -> None:
    tracker = Tracker(taxonomy(label(**numbers)), DEVICE, SESSION)
    assert brief(feed(tracker, scores)) == expected


def test_an_event_says_what_was_heard() -> None:
    tracker = Tracker(taxonomy(), DEVICE, SESSION)

    _, ended = feed(tracker, [0.1, 0.5, 0.75, 0.25, 0.1], levels=[-9, -30, -20, -25, -3])

    assert ended == SoundEvent(
        event_id=event_id(DEVICE, SESSION, "Dog", HOP),
        revision=2,
        state=EventState.ENDED,
        device_id=DEVICE,
        session_id=SESSION,
        site="",
        label="Dog",
        category="animal",
        priority="normal",
        onset_sample=HOP,
        offset_sample=4 * HOP,
        onset_at_ns=BORN_NS + HOP_NS,
        offset_at_ns=BORN_NS + 4 * HOP_NS,
        peak_score=0.75,
        mean_score=0.5,
        level_dbfs=-20.0,
        models=("embedder@1", "model@1"),
        taxonomy_hash=taxonomy().taxonomy_hash,
        end_reason=EndReason.QUIET,
    )


def test_labels_are_followed_apart_and_in_the_taxonomys_order() -> None:
    tracker = Tracker(taxonomy(label("Dog"), label("Siren", on=0.8)), DEVICE, SESSION)

    revised = feed(tracker, [[0.7, 0.7], [0.7, 0.8], [0.1, 0.1]])

    assert brief(revised) == [
        "Dog 1 started 0-1",
        "Siren 1 started 1-2",
        "Dog 2 ended 0-2",
        "Siren 2 ended 1-2",
    ]


def test_the_end_of_the_session_ends_events_after_its_own_patches() -> None:
    tracker = Tracker(taxonomy(label(gap=5)), DEVICE, SESSION)

    revised = feed(tracker, [0.6, 0.6], flags=Flags.END_OF_SESSION)

    assert brief(revised) == ["Dog 1 started 0-1", "Dog 2 ended 0-2"]


def test_an_event_too_short_is_forgotten_at_the_end_of_the_session() -> None:
    tracker = Tracker(taxonomy(label(duration=3)), DEVICE, SESSION)

    assert feed(tracker, [0.6, 0.6], flags=Flags.END_OF_SESSION) == []


@pytest.mark.parametrize(
    ("first_patch", "flags", "gap_before_samples"),
    [(1, Flags.GAP, 0), (1, Flags.NONE, 1), (3, Flags.NONE, 0)],
    ids=["flag", "gap_before_samples", "first_sample jumps"],
)
def test_lost_sound_ends_events_before_what_follows(
    first_patch: int, flags: Flags, gap_before_samples: int
) -> None:
    tracker = Tracker(taxonomy(label(gap=5)), DEVICE, SESSION)
    feed(tracker, [0.6])

    revised = feed(tracker, [0.6], first_patch, flags, gap_before_samples=gap_before_samples)

    onset = first_patch
    assert brief(revised) == ["Dog 2 ended 0-1", f"Dog 1 started {onset}-{onset + 1}"]


def test_an_entry_without_patches_changes_nothing() -> None:
    tracker = Tracker(taxonomy(), DEVICE, SESSION)
    feed(tracker, [0.6])

    assert feed(tracker, [], first_patch=77) == []
    assert brief(feed(tracker, [0.6, 0.1], first_patch=1)) == ["Dog 2 ended 0-2"]


def test_breaking_off_ends_events_once() -> None:
    tracker = Tracker(taxonomy(), DEVICE, SESSION)
    feed(tracker, [0.6])

    assert brief(tracker.break_off()) == ["Dog 2 ended 0-1"]
    assert tracker.break_off() == []


def test_a_clock_that_was_set_back_does_not_end_an_event_before_it_began() -> None:
    tracker = Tracker(taxonomy(), DEVICE, SESSION)
    scores, levels = np.array([[0.6]], np.float16), np.array([-30.0], np.float32)
    tracker.advance(header(0), scores, levels)

    earlier = header(1)
    object.__setattr__(earlier, "captured_at_ns", BORN_NS - 10 * HOP_NS)
    tracker.advance(earlier, scores, levels)

    (ended,) = tracker.break_off()
    assert ended.onset_at_ns == ended.offset_at_ns == BORN_NS


def test_open_events_end_under_the_old_taxonomy_when_it_has_changed() -> None:
    old, new = taxonomy(label("Dog")), taxonomy(label("Dog", on=0.9), label("Siren"))
    tracker = Tracker(old, DEVICE, SESSION)
    feed(tracker, [0.6])

    tracker = Tracker.from_state(new, DEVICE, SESSION, tracker.to_state())
    revised = feed(tracker, [[0.95, 0.1]], first_patch=1)

    assert brief(revised) == ["Dog 2 ended 0-1", "Dog 1 started 1-2"]
    assert [e.taxonomy_hash for e in revised] == [old.taxonomy_hash, new.taxonomy_hash]
    assert [e.end_reason for e in revised] == [EndReason.TAXONOMY_CHANGED, EndReason.NONE]


def test_the_state_is_json() -> None:
    tracker = Tracker(taxonomy(), DEVICE, SESSION)
    feed(tracker, [0.6])

    state = tracker.to_state()

    assert json.loads(json.dumps(state, allow_nan=False)) == state


@pytest.mark.parametrize(
    ("scores", "levels", "message"),
    [
        ([[0.5, 0.5]], [-30.0], "label scores are 1x2, levels 1"),
        ([[0.5]], [-30.0, -30.0], "label scores are 1x1, levels 2"),
        ([[0.5]], [float("nan")], "a level is not a finite number"),
    ],
)
def test_what_no_model_gives_is_refused(
    scores: list[list[float]], levels: list[float], message: str
) -> None:
    tracker = Tracker(taxonomy(), DEVICE, SESSION)

    with pytest.raises(BadScores, match=message):
        tracker.advance(header(0), np.array(scores, np.float16), np.array(levels, np.float32))


def test_samples_heard_already_are_refused_and_change_nothing() -> None:
    tracker = Tracker(taxonomy(), DEVICE, SESSION)
    feed(tracker, [0.6, 0.6])
    before = tracker.to_state()

    with pytest.raises(BadScores, match="first_sample 15360 is before 30720, heard already"):
        feed(tracker, [0.6], first_patch=1)

    assert tracker.to_state() == before

"""The scene in which events happen, and when its reign ends."""

from __future__ import annotations

import numpy as np
import pytest

from earshot.contracts.messages import Flags
from earshot.events.errors import BadScores
from earshot.events.event import EndReason, SoundEvent
from earshot.events.taxonomy import Scene, Scenes, Taxonomy
from earshot.events.tracker import Tracker
from tests.unit.events.feeding import DEVICE, HOP, SESSION, brief, header, label

STREET = Scenes((Scene("Street", ("Traffic",), (), 0.5),), window_patches=1, dwell_samples=HOP)
TAXONOMY = Taxonomy((label(),), STREET)


def hear(
    tracker: Tracker,
    labels: str,
    scenes: str,
    first_patch: int = 0,
    flags: Flags = Flags.NONE,
) -> list[SoundEvent]:
    """Feeds one entry; # is 0.75 and . is 0, for the label and for the scene."""
    columns = [
        np.array([[0.75 * (c == "#")] for c in text], np.float16) for text in (labels, scenes)
    ]
    levels = np.full(len(labels), -30.0, np.float32)
    return tracker.advance(header(first_patch, flags), columns[0], levels, (), columns[1])


def test_events_are_marked_with_the_scene_in_which_they_start() -> None:
    revised = hear(Tracker(TAXONOMY, DEVICE, SESSION), "#..##.", "...##.")

    assert [(*brief([event]), event.scene) for event in revised] == [
        ("Dog 1 started 0-1", ""),
        ("Dog 2 ended 0-1", ""),
        ("Street 1 started 3-4", ""),
        ("Dog 1 started 3-4", "Street"),
        ("Street 2 ended 3-5", ""),
        ("Dog 2 ended 3-5", "Street"),
    ]


def test_a_scene_and_a_label_of_the_same_name_have_events_of_their_own() -> None:
    taxonomy = Taxonomy((label("Street"),), STREET)

    scene, sound = hear(Tracker(taxonomy, DEVICE, SESSION), "#", "#")

    assert brief([scene]) == brief([sound]) == ["Street 1 started 0-1"]
    assert scene.event_id != sound.event_id


def test_a_scene_reigns_over_a_gap_up_to_the_sessions_end() -> None:
    tracker = Tracker(TAXONOMY, DEVICE, SESSION)
    hear(tracker, "#", "#")

    assert brief(tracker.break_off()) == ["Dog 2 ended 0-1"]
    assert brief(hear(tracker, ".", "#", 3, Flags.GAP)) == []
    (ended,) = hear(tracker, ".", "#", 4, Flags.END_OF_SESSION)
    assert brief([ended]) == ["Street 2 ended 0-5"]
    assert (ended.end_reason, ended.quiet_samples) == (EndReason.SESSION_END, 2 * HOP)


def test_a_scene_ends_when_the_source_is_gone() -> None:
    tracker = Tracker(TAXONOMY, DEVICE, SESSION)
    hear(tracker, ".", "#")

    (ended,) = tracker.break_off(EndReason.SOURCE_GONE)

    assert (brief([ended]), ended.end_reason) == (["Street 2 ended 0-1"], EndReason.SOURCE_GONE)
    assert tracker.scene == ""


def test_a_scene_of_another_taxonomy_ends_with_the_next_entry() -> None:
    tracker = Tracker(TAXONOMY, DEVICE, SESSION)
    hear(tracker, "#", "#")

    bare = Taxonomy(TAXONOMY.labels)
    tracker = Tracker.from_state(bare, DEVICE, SESSION, tracker.to_state())
    nothing = np.zeros((0, 1), np.float16), np.zeros(0, np.float32)
    ended = tracker.advance(header(1), *nothing)

    assert brief(ended) == ["Dog 2 ended 0-1", "Street 2 ended 0-1"]
    assert {event.end_reason for event in ended} == {EndReason.TAXONOMY_CHANGED}
    assert {event.taxonomy_hash for event in ended} == {TAXONOMY.taxonomy_hash}


def test_without_scene_scores_the_scene_stays_as_it_is() -> None:
    tracker = Tracker(TAXONOMY, DEVICE, SESSION)
    hear(tracker, ".", "#")

    scores, levels = np.array([[0.75]], np.float16), np.array([-30.0], np.float32)
    (started,) = tracker.advance(header(1), scores, levels)

    assert (started.label, started.scene, tracker.scene) == ("Dog", "Street", "Street")


@pytest.mark.parametrize(
    ("scenes", "message"),
    [
        (np.zeros((1, 2), np.float16), "scene scores are 1x2, levels 1"),
        (np.zeros((2, 1), np.float16), "scene scores are 2x1, levels 1"),
        (np.full((1, 1), 1.5, np.float16), "a scene score is not from 0 to 1"),
        (np.full((1, 1), np.nan, np.float16), "a scene score is not from 0 to 1"),
    ],
)
def test_scene_scores_that_no_model_gives_are_refused(scenes: np.ndarray, message: str) -> None:
    tracker = Tracker(TAXONOMY, DEVICE, SESSION)
    before = tracker.to_state()

    scores, levels = np.array([[0.75]], np.float16), np.array([-30.0], np.float32)
    with pytest.raises(BadScores, match=message):
        tracker.advance(header(0), scores, levels, (), scenes)

    assert tracker.to_state() == before

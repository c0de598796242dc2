from __future__ import annotations

import json

import pytest

from earshot.events.event import EndReason, SoundEvent
from earshot.events.patch import Patch
from earshot.events.revisions import Revisions
from earshot.events.scene_tracker import SceneTracker
from earshot.events.taxonomy import Scene, Scenes
from tests.unit.events.feeding import BORN_NS, DEVICE, HOP, HOP_NS, SESSION, brief

SCORES = {"s": [0.75, 0.25], "k": [0.25, 0.75], ".": [0.0, 0.0], "b": [0.5, 0.5]}
"""Street, kitchen, neither, both alike."""


def scenes(window: int = 1, dwell: int = 1, min_score: float = 0.3) -> Scenes:
    listed = (Scene("Street", (), (), min_score), Scene("Kitchen", (), (), min_score))
    return Scenes(listed, window_patches=window, dwell_samples=dwell * HOP)


def tracker(of: Scenes) -> SceneTracker:
    return SceneTracker(of, Revisions(DEVICE, SESSION, "hash", ("model@1",)))


def play(followed: SceneTracker, line: str, first_patch: int = 0) -> list[SoundEvent]:
    """Plays one patch per character; a digit is a gap of so many patches."""
    revised, index = [], first_patch
    for sound in line:
        if sound.isdigit():
            index += int(sound)
            continue
        place = Patch(index * HOP, BORN_NS + index * HOP_NS, -30.0)
        revised += followed.hear(SCORES[sound], place)
        index += 1
    return revised


CASES = {
    "the first to lead reigns": (scenes(), "ss", ["Street 1 started 0-1"]),
    "none below the minimum": (scenes(min_score=0.8), "ssss", []),
    "of equals the first": (scenes(), "b", ["Street 1 started 0-1"]),
    "another takes over where it began to lead": (
        scenes(dwell=2),
        "ssskk",
        ["Street 1 started 0-2", "Street 2 ended 0-3", "Kitchen 1 started 3-5"],
    ),
    "a lead with a break does not": (scenes(dwell=2), "sskskskss", ["Street 1 started 0-2"]),
    "a lead broken by none does not": (scenes(dwell=2), "ssk.k.k.k", ["Street 1 started 0-2"]),
    "the reign ends when none leads for the dwell time": (
        scenes(dwell=2),
        "sss..s",
        ["Street 1 started 0-2", "Street 2 ended 0-3"],
    ),
    "none for less is a pause": (scenes(dwell=3), "sss..s..s..", ["Street 1 started 0-3"]),
    "a gap does not count": (scenes(dwell=3), "ss9", []),
    "a gap is no break": (scenes(dwell=3), "ss9s", ["Street 1 started 0-12"]),
    "a gap does not end a reign": (scenes(dwell=2), "ss9.", ["Street 1 started 0-2"]),
    "nobody reigns before a window was heard": (
        scenes(window=4),
        "ssss",
        ["Street 1 started 0-4"],
    ),
    "what was long ago fades": (
        # Means of Street after each k: 0.5, 0.375, 0.3125; of Kitchen the rest to 1.
        scenes(window=2, dwell=2),
        "sskkk",
        ["Street 1 started 0-2", "Street 2 ended 0-3", "Kitchen 1 started 3-5"],
    ),
}


@pytest.mark.parametrize(("of", "line", "expected"), CASES.values(), ids=CASES.keys())
def test_the_leader_reigns(of: Scenes, line: str, expected: list[str]) -> None:
    assert brief(play(tracker(of), line)) == expected


def test_a_reign_is_an_event_with_the_running_mean_as_its_score() -> None:
    followed = tracker(scenes(window=2, dwell=2))

    # Means of Street: 0.75, 0.75, 0.375 (none leads is not yet: 0.375 is above 0.3), 0.1875.
    revised = play(followed, "ss.." + ".")

    (started, ended) = revised
    assert (started.category, started.priority, started.scene) == ("scene", "low", "")
    assert (ended.peak_score, ended.mean_score) == (0.75, 0.625)
    assert (ended.onset_sample, ended.offset_sample) == (0, 3 * HOP)
    assert (ended.end_reason, ended.models) == (EndReason.QUIET, ("model@1",))


def test_the_current_scene_is_the_one_that_reigns() -> None:
    followed = tracker(scenes(dwell=2))
    seen = []
    for index, sound in enumerate("sskk.."):
        play(followed, sound, index)
        seen.append(followed.current)

    assert seen == ["", "Street", "Street", "Kitchen", "Kitchen", ""]


def test_breaking_off_ends_the_reign_and_forgets_what_was_heard() -> None:
    followed = tracker(scenes(window=2))
    play(followed, "ss")

    (ended,) = followed.break_off(EndReason.SESSION_END)

    assert (brief([ended]), ended.end_reason) == (["Street 2 ended 0-2"], EndReason.SESSION_END)
    assert followed.break_off(EndReason.SESSION_END) == []
    assert brief(play(followed, "kk", 2)) == ["Kitchen 1 started 2-4"]


def test_a_score_as_low_as_the_least_reaches_it() -> None:
    least = scenes(min_score=0.1)  # which float16 rounds to a little less
    followed = tracker(least)

    rounded = 0.0999755859375
    assert brief(followed.hear([rounded, 0.0], Patch(0, 0, -30.0))) == ["Street 1 started 0-1"]


def test_its_state_is_json_and_gives_it_back_bit_by_bit() -> None:
    followed = tracker(scenes(window=7, dwell=2))
    play(followed, "sskskks.kk")
    state = json.loads(json.dumps(followed.to_state()))

    other = tracker(scenes(window=7, dwell=2))
    other.restore(state)

    assert other.to_state() == followed.to_state()
    assert play(other, "kkkkk....", 10) == play(followed, "kkkkk....", 10)


def test_without_scenes_nobody_reigns() -> None:
    followed = tracker(Scenes())

    assert followed.hear([], Patch(0, 0, -30.0)) == []
    assert followed.break_off(EndReason.SESSION_END) == []

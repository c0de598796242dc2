"""When an event begins, and when it has lasted long enough: n of m, maximum length."""

from __future__ import annotations

from typing import Any

import pytest

from earshot.contracts.messages import Flags
from earshot.events.event import EndReason, EventState
from earshot.events.tracker import Tracker
from tests.unit.events.feeding import DEVICE, HOP, SESSION, brief, feed, label, play, taxonomy


def n_of_m(n: int, m: int, **fields: Any) -> dict[str, Any]:
    return {"start_patches": n, "start_window_patches": m, **fields}


# The numbers of the label, the scores in patches, and the revisions. # is on, = holds, . is off.
CASES = {
    "2 of 2 needs two in a row": (
        n_of_m(2, 2),
        "#.#.##.",
        ["Dog 1 started 4-6", "Dog 2 ended 4-6"],
    ),
    "2 of 3 bridges one between, and begins with the first": (
        n_of_m(2, 3),
        ".#.#.",
        ["Dog 1 started 1-4", "Dog 2 ended 1-4"],
    ),
    "the first falls out of the window": (n_of_m(2, 3), "#..#..#..#", []),
    "what follows the first that fell out still counts": (
        n_of_m(3, 4),
        "##..##.#.",
        ["Dog 1 started 4-8", "Dog 2 ended 4-8"],
    ),
    "a patch that only holds does not count": (n_of_m(2, 4), "#==.#===", []),
    "1 of 3 is 1 of 1": (n_of_m(1, 3), ".#=.", ["Dog 1 started 1-2", "Dog 2 ended 1-3"]),
    "patches of an event do not count for the next": (
        n_of_m(2, 4),
        "##.#.",
        ["Dog 1 started 0-2", "Dog 2 ended 0-2"],
    ),
    "once begun, one patch goes on with it": (
        n_of_m(2, 2, gap=1),
        "##.#..",
        ["Dog 1 started 0-2", "Dog 2 ended 0-4"],
    ),
    "a pause in the window may be longer than the merge gap": (
        n_of_m(2, 4, gap=1),
        "#..#..",
        ["Dog 1 started 0-4", "Dog 2 ended 0-4"],
    ),
    "the minimum counts from the first patch": (
        n_of_m(2, 3, duration=3),
        "#.#.",
        ["Dog 1 started 0-3", "Dog 2 ended 0-3"],
    ),
    "the longest event ends and the next patch begins another": (
        {"longest": 3},
        "######=.",
        ["Dog 1 started 0-1", "Dog 2 ended 0-3", "Dog 1 started 3-4", "Dog 2 ended 3-6"],
    ),
    "a patch that only holds begins no other": (
        {"longest": 2},
        "#====#.",
        ["Dog 1 started 0-1", "Dog 2 ended 0-2", "Dog 1 started 5-6", "Dog 2 ended 5-6"],
    ),
    "the end known so far counts, not the pause after it": (
        {"longest": 3, "gap": 9},
        "##....",
        ["Dog 1 started 0-1"],
    ),
    "a patch after a bridged pause ends it": (
        {"longest": 3, "gap": 9},
        "##...#.",
        ["Dog 1 started 0-1", "Dog 2 ended 0-6"],
    ),
    "the longest may end with the patch that starts it": (
        {"longest": 2, "duration": 2},
        "##.",
        ["Dog 1 started 0-2", "Dog 2 ended 0-2"],
    ),
    "the next event needs n of m again": (
        n_of_m(2, 2, longest=2),
        "###.##",
        ["Dog 1 started 0-2", "Dog 2 ended 0-2", "Dog 1 started 4-6", "Dog 2 ended 4-6"],
    ),
}


@pytest.mark.parametrize(("numbers", "scores", "expected"), CASES.values(), ids=CASES.keys())
def test_scores_become_events(numbers: dict[str, Any], scores: str, expected: list[str]) -> None:
    tracker = Tracker(taxonomy(label(**numbers)), DEVICE, SESSION)
    assert brief(play(tracker, scores)) == expected


def test_the_patches_before_the_start_count_where_the_label_was_on() -> None:
    tracker = Tracker(taxonomy(label(**n_of_m(2, 4))), DEVICE, SESSION)

    scores = [0.9, 0.0, 0.0, 0.0, 0.5, 0.25, 0.0, 0.75]
    levels = [-1, -1, -1, -1, -30, -20, -5, -40]
    (started,) = feed(tracker, scores, levels=levels)

    # Patches 4, 5 and 7 were on; patch 0 has left the window.
    assert (started.peak_score, started.mean_score) == (0.75, 0.5)
    assert (started.level_dbfs, started.quiet_samples) == (-20.0, HOP)


def test_lost_sound_begins_the_window_anew() -> None:
    tracker = Tracker(taxonomy(label(**n_of_m(2, 2))), DEVICE, SESSION)
    play(tracker, "#")

    assert feed(tracker, [0.75], first_patch=1, flags=Flags.GAP) == []
    assert brief(feed(tracker, [0.75], first_patch=2)) == ["Dog 1 started 1-3"]


def test_an_event_that_has_lasted_the_longest_says_so() -> None:
    tracker = Tracker(taxonomy(label(longest=2)), DEVICE, SESSION)

    ended = [e for e in play(tracker, "###.") if e.state is EventState.ENDED]

    assert [e.end_reason for e in ended] == [EndReason.MAX_DURATION, EndReason.QUIET]

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from earshot.events.event import EndReason, EventState
from earshot.events.replay import opening, replayed
from earshot.events.tracker import Tracker
from tests.unit.events.curves import curve, curve_of
from tests.unit.events.feeding import HOP, feed, label, taxonomy


def test_an_opening_ends_with_the_patch_that_made_it_an_event() -> None:
    two_of_three = label(start_patches=2, start_window_patches=3)
    assert opening(two_of_three, curve("..#.##"), 2 * HOP) == [0.75, 0.125, 0.75]
    assert opening(label(), curve("..#.##"), 2 * HOP) == [0.75]


def test_there_is_no_opening_when_too_few_patches_reach() -> None:
    three_of_three = label(start_patches=3, start_window_patches=3)
    assert opening(three_of_three, curve("##.##"), 0) is None
    assert opening(label(), curve("=="), 0) is None
    assert opening(label(), curve("##"), 9 * HOP) is None
    assert opening(three_of_three, curve("## #"), 0) is None


def test_a_threshold_is_reached_as_the_tracker_compares_it() -> None:
    assert opening(label(on=0.8), curve_of([[0.8]], [0]), 0) == [float(np.float16(0.8))]


@given(
    scores=st.lists(st.sampled_from([0.0, 0.2, 0.3, 0.5, 0.6, 0.9]), min_size=1, max_size=30),
    gap=st.integers(0, 3),
    asked=st.sampled_from([(1, 1), (2, 2), (2, 3), (1, 2)]),
    duration=st.integers(0, 3),
    longest=st.integers(3, 9),
)
def test_every_event_is_replayed_from_its_onset_alone(
    scores: list[float], gap: int, asked: tuple[int, int], duration: int, longest: int
) -> None:
    of, window = asked
    dog = label(
        gap=gap, duration=duration, longest=longest, start_patches=of, start_window_patches=window
    )
    tracker = Tracker(taxonomy(dog), "kitchen", "01J")
    heard = [*feed(tracker, scores), *tracker.break_off()]
    ended = [event for event in heard if event.state is EventState.ENDED]
    whole = curve_of([[score] for score in scores], range(len(scores)))
    for event in ended:
        again = replayed(dog, whole, event)
        assert again is not None
        for name in ("event_id", "onset_sample", "offset_sample", "end_reason", "quiet_samples"):
            assert getattr(again, name) == getattr(event, name), name
        assert opening(dog, whole, event.onset_sample) is not None


def test_nothing_is_replayed_when_the_label_would_not_start_within_the_event() -> None:
    heard = feed(Tracker(taxonomy(label()), "kitchen", "01J"), [0.75, 0.75, 0.0, 0.0, 0.9, 0.0])
    event = heard[1]
    assert event.end_reason is EndReason.QUIET
    scores = curve_of([[0.75], [0.75], [0.0], [0.0], [0.9], [0.0]], range(6))
    assert replayed(label(on=0.8), scores, event) is None

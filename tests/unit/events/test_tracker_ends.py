"""Why events ended, what of them was quiet, and states of earlier versions."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from earshot.contracts.messages import Flags
from earshot.events.event import EndReason
from earshot.events.tracker import Tracker
from tests.unit.events.feeding import (
    DEVICE,
    HOP,
    SESSION,
    brief,
    feed,
    header,
    label,
    play,
    taxonomy,
)


def test_an_event_that_lasts_has_no_reason_to_end() -> None:
    (started,) = play(Tracker(taxonomy(), DEVICE, SESSION), "#")

    assert (started.end_reason, started.gap_reason) == (EndReason.NONE, "")


def test_an_event_that_fell_quiet_says_so_and_how_much_of_it_was_quiet() -> None:
    _, ended = play(Tracker(taxonomy(label(gap=2)), DEVICE, SESSION), "#.#=..##...")

    assert ended.end_reason is EndReason.QUIET
    assert (ended.offset_sample, ended.quiet_samples) == (8 * HOP, 3 * HOP)


def test_the_sessions_end_is_a_reason() -> None:
    _, ended = play(Tracker(taxonomy(), DEVICE, SESSION), "##|")

    assert ended.end_reason is EndReason.SESSION_END


def test_lost_sound_is_a_reason_and_brings_its_own() -> None:
    tracker = Tracker(taxonomy(), DEVICE, SESSION)
    play(tracker, "#")

    nothing = np.zeros((0, 1), np.float16), np.zeros(0, np.float32)
    (ended,) = tracker.advance(header(1, Flags.GAP, HOP, "overflow"), *nothing)

    assert (ended.end_reason, ended.gap_reason) == (EndReason.GAP, "overflow")


def test_a_jump_without_a_word_is_a_gap_without_a_reason() -> None:
    tracker = Tracker(taxonomy(), DEVICE, SESSION)
    play(tracker, "#")

    ended, _ = play(tracker, "#", first_patch=2)

    assert (ended.end_reason, ended.gap_reason) == (EndReason.GAP, "")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), (EndReason.GAP, "")),
        ((EndReason.GAP, "poison"), (EndReason.GAP, "poison")),
        ((EndReason.SOURCE_GONE,), (EndReason.SOURCE_GONE, "")),
    ],
)
def test_who_breaks_off_says_why(arguments: Any, expected: tuple[EndReason, str]) -> None:
    tracker = Tracker(taxonomy(), DEVICE, SESSION)
    play(tracker, "#")

    (ended,) = tracker.break_off(*arguments)

    assert (ended.end_reason, ended.gap_reason) == expected


def test_a_changed_taxonomy_is_the_reason_even_where_sound_was_lost() -> None:
    tracker = Tracker(taxonomy(), DEVICE, SESSION)
    play(tracker, "#")

    tracker = Tracker.from_state(taxonomy(label(on=0.9)), DEVICE, SESSION, tracker.to_state())
    (ended,) = tracker.break_off(EndReason.GAP, "poison")

    assert (ended.end_reason, ended.gap_reason) == (EndReason.TAXONOMY_CHANGED, "")


def test_a_state_of_the_first_version_is_still_read() -> None:
    labels = taxonomy(label(gap=5))
    state = {
        "next_sample": 2 * HOP,
        "models": ["embedder@1", "model@1"],
        "taxonomy_hash": labels.taxonomy_hash,
        "open": [
            {
                "label": "Dog",
                "category": "animal",
                "priority": "normal",
                "onset_sample": 0,
                "onset_at_ns": 1_700_000_000_000_000_000,
                "offset_sample": HOP,
                "offset_at_ns": 1_700_000_000_960_000_000,
                "revision": 1,
                "peak_score": 0.75,
                "score_sum": 0.75,
                "num_patches": 1,
                "level_dbfs": -30.0,
            }
        ],
    }

    tracker = Tracker.from_state(labels, DEVICE, SESSION, state)
    (ended,) = feed(tracker, [0.25, 0.75], first_patch=2, flags=Flags.END_OF_SESSION)

    assert brief([ended]) == ["Dog 2 ended 0-4"]
    assert (ended.mean_score, ended.quiet_samples) == (0.75, 2 * HOP)

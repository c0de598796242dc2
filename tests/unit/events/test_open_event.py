from __future__ import annotations

import pytest

from earshot.events.open_event import OpenEvent
from earshot.events.patch import Patch
from tests.unit.events.feeding import BORN_NS, HOP, HOP_NS, label

DOG = label(on=0.5, off=0.25)


def patch(index: int, level_dbfs: float = -30.0) -> Patch:
    return Patch(index * HOP, BORN_NS + index * HOP_NS, level_dbfs)


def begun() -> OpenEvent:
    return OpenEvent.begin("Dog", "animal", "normal", patch(2))


def test_an_event_begins_where_its_first_patch_does_and_is_empty() -> None:
    event = begun()

    assert (event.onset_sample, event.onset_at_ns) == (2 * HOP, BORN_NS + 2 * HOP_NS)
    assert (event.duration_samples, event.quiet_samples, event.num_patches) == (0, 0, 0)


@pytest.mark.parametrize(
    ("scores", "is_on"),
    [
        ([0.5], [True]),
        ([0.5, 0.25], [True, True]),
        ([0.5, 0.24, 0.25], [True, False, False]),
        ([0.5, 0.24, 0.5], [True, False, True]),
    ],
)
def test_a_label_is_on_between_its_thresholds_only_while_it_was_on(
    scores: list[float], is_on: list[bool]
) -> None:
    event = begun()

    assert [event.follow(DOG, s, patch(2 + i)) for i, s in enumerate(scores)] == is_on


def test_what_was_on_counts_and_the_pauses_between_are_quiet() -> None:
    event = begun()
    for index, score in enumerate([0.5, 0.0, 0.0, 0.75, 0.0]):
        event.follow(DOG, score, patch(2 + index, -20.0 - index))

    assert (event.duration_samples, event.quiet_samples) == (4 * HOP, 2 * HOP)
    assert (event.peak_score, event.mean_score, event.level_dbfs) == (0.75, 0.625, -20.0)
    assert event.offset_at_ns == BORN_NS + 6 * HOP_NS


def test_the_mean_is_never_above_the_peak() -> None:
    event = begun()
    for index in range(3):
        event.add(0.1, patch(2 + index))  # 0.1 + 0.1 + 0.1 is more than 0.3

    assert event.mean_score == event.peak_score == 0.1


def test_its_state_gives_it_back() -> None:
    event = begun()
    event.add(0.5, patch(2))

    assert OpenEvent.from_state(event.to_state()) == event

from __future__ import annotations

from tests.unit.events.curves import curve
from tests.unit.events.feeding import BORN_NS, HOP, HOP_NS


def test_the_score_is_the_highest_of_the_classes() -> None:
    assert curve("#.=", ".#.").scores.tolist() == [0.75, 0.75, 0.375]


def test_patches_are_found_by_their_first_sample() -> None:
    broken = curve("## ##", first_patch=7)
    assert [broken.position(patch * HOP) for patch in (6, 7, 8, 9, 10, 12)] == [
        None, 0, 1, None, 2, None,
    ]  # fmt: skip
    assert broken.position(7 * HOP + 1) is None


def test_unbroken_patches_end_at_a_gap() -> None:
    broken = curve("#.= #")
    heard = [(patch.first_sample // HOP, score) for patch, score in broken.unbroken_from(1)]
    assert heard == [(1, 0.125), (2, 0.375)]
    assert [patch.first_sample // HOP for patch, _ in broken.unbroken_from(3)] == [4]


def test_gaps_reach_from_the_end_of_a_patch_to_the_begin_of_the_next() -> None:
    assert curve("##").gaps_ns() == []
    assert curve("#  ##").gaps_ns() == [(BORN_NS + HOP_NS, BORN_NS + 3 * HOP_NS)]

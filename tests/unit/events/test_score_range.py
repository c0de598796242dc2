from __future__ import annotations

import numpy as np
import pytest

from earshot.events.score_range import are_scores

EVERY_FLOAT16 = np.arange(2**16, dtype=np.uint16).view(np.float16)


def test_of_all_numbers_only_those_from_0_to_1_are_scores() -> None:
    scores = [value for value in EVERY_FLOAT16 if are_scores(np.array([value]))]

    expected = EVERY_FLOAT16[(EVERY_FLOAT16 >= 0) & (EVERY_FLOAT16 <= 1)]
    assert np.array_equal(scores, expected)
    assert len(expected) == 0x3C00 + 2  # a negative zero among them


@pytest.mark.parametrize("wrong", [-0.5, 1.001, np.nan, np.inf, -np.inf])
def test_one_wrong_number_among_many_is_found(wrong: float) -> None:
    values = np.full((3, 5), 0.5, np.float16)
    assert are_scores(values)
    values[1, 3] = wrong

    assert not are_scores(values)
    assert are_scores(values[:, ::2][2:])


def test_nothing_is_all_scores() -> None:
    assert are_scores(np.zeros((0, 7), np.float16))

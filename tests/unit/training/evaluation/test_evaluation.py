"""The measured values against the reference page's worked example; what is not defined."""

from __future__ import annotations

import numpy as np
import pytest

from training.evaluation.evaluation import measure
from training.evaluation.metric_phrases import PHRASES, shown

SCORES = np.array([[0.9, 0.8, 0.1, 0.3], [0.2, 0.7, 0.6, 0.05]], np.float32)
LABELS = np.array([[1, 0, 0, 1], [0, 1, 1, 0]], np.bool_)


def test_values_equal_the_worked_example() -> None:
    values = measure(SCORES, LABELS, num_damaged=3)
    # Over all pairs as over the best 20: there are but four classes. AUC 1, 0, 1, 1.
    expected = {
        **{"hit_at_1": 1.0, "perr": 0.75, "gap": 0.8041666667, "map": 0.875, "auc": 0.75},
        **{"map_at_20": 0.875, "num_segments": 2, "num_damaged": 3, "num_classes": 4},
        "num_classes_with_positives": 4,
    }
    for name, value in expected.items():
        assert values[name] == pytest.approx(value), name
    assert values["d_prime"] == pytest.approx(0.9538726)  # sqrt(2) * 0.6744898
    assert 0 < values["ece"] < 1


def test_what_is_not_defined_or_not_finite_is_none() -> None:
    values = measure(SCORES, np.zeros_like(LABELS), num_damaged=0)
    assert {name for name, value in values.items() if value is None} == {
        *("gap", "map_at_20", "map", "auc", "d_prime")
    }
    assert values["num_classes_with_positives"] == 0
    perfect = measure(SCORES[:, :1], LABELS[:, :1], num_damaged=0)
    assert (perfect["auc"], perfect["d_prime"]) == (1.0, None)


def test_every_value_has_a_name_and_a_phrase() -> None:
    assert list(measure(SCORES, LABELS, 0)) == list(PHRASES)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.12345, "0.123"), (1234567, "1,234,567"), (None, "–"), (float("nan"), "–"), (0, "0")],
)
def test_values_are_shown_for_people(value: float | None, text: str) -> None:
    assert shown(value) == text

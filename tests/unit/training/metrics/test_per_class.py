"""AudioSet's average precision against an example worked by hand, and scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest

from training import metrics

SCORES = np.array([[0.9, 0.8, 0.1, 0.3], [0.2, 0.7, 0.6, 0.05]], np.float32)
LABELS = np.array([[1, 0, 0, 1], [0, 1, 1, 0]], np.bool_)


def test_average_precisions_equal_the_worked_example() -> None:
    np.testing.assert_allclose(metrics.average_precisions(SCORES, LABELS), [1, 0.5, 1, 1])


def test_mean_average_precision_equals_the_worked_example() -> None:
    assert metrics.mean_average_precision(SCORES, LABELS) == pytest.approx(0.875)


def test_average_precision_is_the_mean_of_precision_at_each_positive() -> None:
    # Ranked: positive, negative, positive, negative: (1/1 + 2/3) / 2.
    scores = np.array([[0.9], [0.8], [0.7], [0.1]], np.float32)
    labels = np.array([[1], [0], [1], [0]], np.bool_)
    assert metrics.average_precisions(scores, labels)[0] == pytest.approx(5 / 6)


def test_a_class_without_positives_is_left_out_of_the_mean() -> None:
    labels = LABELS.copy()
    labels[:, 1] = False
    assert math.isnan(metrics.average_precisions(SCORES, labels)[1])
    assert metrics.mean_average_precision(SCORES, labels) == 1.0


def test_mean_average_precision_is_nan_when_nothing_is_positive() -> None:
    assert math.isnan(metrics.mean_average_precision(SCORES, np.zeros_like(LABELS)))


def test_equal_scores_are_worth_the_share_of_positives_in_any_order() -> None:
    labels = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], np.bool_)
    constant = np.full((4, 2), 0.5, np.float32)
    np.testing.assert_array_equal(metrics.average_precisions(constant, labels), [0.5, 0.5])


@pytest.mark.parametrize("num_values", [2, 30, 2**24])
def test_average_precisions_agree_with_scikit_learn_with_ties(num_values: int) -> None:
    sklearn_metrics = pytest.importorskip("sklearn.metrics", reason="needs the dev group")
    rng = np.random.default_rng(3)
    scores = (rng.integers(0, num_values, (200, 5)) / num_values).astype(np.float32)
    labels = rng.random((200, 5)) < 0.2
    expected = sklearn_metrics.average_precision_score(labels, scores, average=None)
    np.testing.assert_allclose(metrics.average_precisions(scores, labels), expected, rtol=1e-12)

"""Precision and recall against an example worked by hand, and scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest

from training import metrics

# Ranked: positive, then two equal scores of which one is positive, then a negative.
SCORES = np.array([0.5, 0.9, 0.5, 0.1], np.float32)
IS_POSITIVE = np.array([True, True, False, False])


def random_example() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(5)
    return rng.integers(1, 30, (200, 3)).astype(np.float32) / 30, rng.random((200, 3)) < 0.2


def test_curve_equals_the_worked_example() -> None:
    curve = metrics.precision_recall_curve(SCORES, IS_POSITIVE)
    np.testing.assert_allclose(curve.thresholds, SCORES[[1, 0, 3]])
    assert curve.num_detections.tolist() == [1, 3, 4]
    assert curve.num_hits.tolist() == [1, 2, 2]
    np.testing.assert_allclose(curve.precision, [1, 2 / 3, 2 / 4])
    np.testing.assert_allclose(curve.recall, [1 / 2, 1, 1])
    np.testing.assert_allclose(curve.f1, [2 / 3, 4 / 5, 4 / 6])


def test_recall_is_not_defined_without_positives() -> None:
    curve = metrics.precision_recall_curve(SCORES, np.zeros(4, np.bool_))
    assert np.isnan(curve.recall).all()
    assert curve.precision.tolist() == [0, 0, 0]
    assert curve.f1.tolist() == [0, 0, 0]


def test_curve_is_empty_without_examples() -> None:
    curve = metrics.precision_recall_curve(np.zeros(0, np.float32), np.zeros(0, np.bool_))
    assert len(curve.thresholds) == len(curve.precision) == len(curve.recall) == 0


def test_precision_and_recall_at_a_threshold_equal_the_worked_example() -> None:
    scores = np.stack([SCORES, SCORES, SCORES], axis=1)
    labels = np.stack([IS_POSITIVE, IS_POSITIVE, np.zeros(4, np.bool_)], axis=1)
    thresholds = np.array([0.5, 0.95, 0.5])
    precision, recall = metrics.precisions_and_recalls(scores, labels, thresholds)
    np.testing.assert_allclose(precision, [2 / 3, np.nan, 0])
    np.testing.assert_allclose(recall, [1, 0, np.nan])


def test_a_threshold_that_is_not_defined_detects_nothing() -> None:
    precision, recall = metrics.precisions_and_recalls(
        SCORES[:, None], IS_POSITIVE[:, None], np.array([np.nan])
    )
    assert np.isnan(precision[0])
    assert recall[0] == 0


def test_curve_agrees_with_scikit_learn_with_ties() -> None:
    sklearn_metrics = pytest.importorskip("sklearn.metrics", reason="needs the dev group")
    scores, labels = random_example()
    for column, truth in zip(scores.T, labels.T, strict=True):
        curve = metrics.precision_recall_curve(column, truth)
        # Theirs ascends, and ends with a point of precision 1 and recall 0 that has no threshold.
        precision, recall, thresholds = sklearn_metrics.precision_recall_curve(truth, column)
        np.testing.assert_allclose(curve.thresholds, thresholds[::-1])
        np.testing.assert_allclose(curve.precision, precision[-2::-1])
        np.testing.assert_allclose(curve.recall, recall[-2::-1])


def test_precision_and_recall_at_a_threshold_agree_with_scikit_learn() -> None:
    sklearn_metrics = pytest.importorskip("sklearn.metrics", reason="needs the dev group")
    scores, labels = random_example()
    thresholds = np.array([0.2, 0.5, 0.9])
    precision, recall = metrics.precisions_and_recalls(scores, labels, thresholds)
    expected = sklearn_metrics.precision_recall_fscore_support(labels, scores >= thresholds)
    np.testing.assert_allclose(precision, expected[0])
    np.testing.assert_allclose(recall, expected[1])

"""Thresholds against an example worked by hand, and scikit-learn's precision and recall."""

from __future__ import annotations

import numpy as np
import pytest

from training import metrics


def test_threshold_is_where_f1_is_highest() -> None:
    # Cut after the third: precision 2/3, recall 1, F1 0.8; after the first: 1, 1/2, 2/3.
    scores = np.array([[0.9], [0.8], [0.7], [0.1]], np.float32)
    labels = np.array([[1], [0], [1], [0]], np.bool_)
    thresholds, f1 = metrics.best_f1_thresholds(scores, labels)
    assert thresholds[0] == np.float32(0.7)
    assert f1[0] == pytest.approx(0.8)


def test_equal_scores_are_not_parted() -> None:
    scores = np.full((4, 1), 0.5, np.float32)
    labels = np.array([[1], [0], [0], [0]], np.bool_)
    thresholds, f1 = metrics.best_f1_thresholds(scores, labels)
    assert thresholds[0] == 0.5
    assert f1[0] == pytest.approx(2 / 5)


def test_a_class_without_positives_has_no_threshold() -> None:
    scores = np.array([[0.5, 0.2], [0.4, 0.3]], np.float32)
    labels = np.array([[1, 0], [0, 0]], np.bool_)
    thresholds, f1 = metrics.best_f1_thresholds(scores, labels)
    assert np.isnan([thresholds[1], f1[1]]).all()
    assert f1[0] == 1.0


def test_best_f1_agrees_with_scikit_learn_with_ties() -> None:
    sklearn_metrics = pytest.importorskip("sklearn.metrics", reason="needs the dev group")
    rng = np.random.default_rng(3)
    scores = rng.integers(1, 30, (200, 3)).astype(np.float32) / 30
    labels = rng.random((200, 3)) < 0.2
    thresholds, f1 = metrics.best_f1_thresholds(scores, labels)
    for index in range(3):
        precision, recall, _ = sklearn_metrics.precision_recall_curve(
            labels[:, index], scores[:, index]
        )
        every_f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
        assert f1[index] == pytest.approx(every_f1.max())
        detected = scores[:, index] >= thresholds[index]
        assert sklearn_metrics.f1_score(labels[:, index], detected) == pytest.approx(f1[index])

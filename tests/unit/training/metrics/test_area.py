"""AUC and d' against examples worked by hand, and scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest

from training import metrics


def test_area_is_the_share_of_pairs_in_the_right_order() -> None:
    # Positives 0.9 and 0.4 against negatives 0.6 and 0.1: three of four pairs.
    scores = np.array([[0.9], [0.6], [0.4], [0.1]], np.float32)
    labels = np.array([[1], [0], [1], [0]], np.bool_)
    assert metrics.areas_under_curve(scores, labels)[0] == 0.75


def test_equal_scores_count_half() -> None:
    labels = np.array([[1], [0], [0]], np.bool_)
    assert metrics.areas_under_curve(np.full((3, 1), 0.3, np.float32), labels)[0] == 0.5


def test_area_agrees_with_scikit_learn_with_ties() -> None:
    sklearn_metrics = pytest.importorskip("sklearn.metrics", reason="needs the dev group")
    rng = np.random.default_rng(3)
    scores = rng.integers(0, 30, (200, 5)).astype(np.float32) / 30
    labels = rng.random((200, 5)) < 0.2
    expected = sklearn_metrics.roc_auc_score(labels, scores, average=None)
    np.testing.assert_allclose(metrics.areas_under_curve(scores, labels), expected, rtol=1e-12)
    assert metrics.mean_area_under_curve(scores, labels) == pytest.approx(np.mean(expected))


def test_a_class_of_one_kind_only_has_no_area_and_is_left_out_of_the_mean() -> None:
    scores = np.array([[0.9, 0.1, 0.2], [0.6, 0.2, 0.3]], np.float32)
    labels = np.array([[1, 0, 1], [0, 0, 1]], np.bool_)
    areas = metrics.areas_under_curve(scores, labels)
    assert areas[0] == 1.0
    assert np.isnan(areas[1:]).all()
    assert metrics.mean_area_under_curve(scores, labels) == 1.0
    assert math.isnan(metrics.mean_area_under_curve(scores[:, 1:], labels[:, 1:]))


@pytest.mark.parametrize(
    # The first is published with AudioSet's baseline, qiuqiangkong/audioset_classification.
    ("area", "expected"),
    [(0.959, 2.452), (0.968, 2.612), (0.5, 0.0), (1.0, math.inf), (0.0, -math.inf)],
)
def test_d_prime_equals_published_values(area: float, expected: float) -> None:
    # Published areas have three digits, which is this much of d'.
    assert metrics.d_prime(area) == pytest.approx(expected, abs=0.02)


def test_d_prime_of_nothing_is_nan() -> None:
    assert math.isnan(metrics.d_prime(math.nan))

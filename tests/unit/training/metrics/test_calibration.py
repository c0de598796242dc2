"""Calibration against an example worked by hand, and scikit-learn's reliability curve."""

from __future__ import annotations

import math

import numpy as np
import pytest

from training import metrics


def test_calibration_error_equals_the_worked_example() -> None:
    # Two bins. Lower: 0.2, 0.4 with one of two true; upper: 0.9, 0.9 with both true.
    scores = np.array([[0.2, 0.4], [0.9, 0.9]], np.float32)
    labels = np.array([[1, 0], [1, 1]], np.bool_)
    expected = 0.5 * abs(0.3 - 0.5) + 0.5 * abs(0.9 - 1.0)
    measured = metrics.expected_calibration_error(scores, labels, num_bins=2)
    assert measured == pytest.approx(expected, abs=1e-6)


def test_scores_of_0_and_1_have_a_bin() -> None:
    bins = metrics.reliability(np.array([0.0, 1.0], np.float32), np.array([False, True]), 10)
    assert bins.counts.tolist() == [1] + [0] * 8 + [1]
    assert metrics.expected_calibration_error(np.ones(1, np.float32), np.ones(1, np.bool_)) == 0


def test_calibration_error_is_nan_without_predictions() -> None:
    nothing = np.zeros((0, 4), np.float32)
    assert math.isnan(metrics.expected_calibration_error(nothing, nothing.astype(np.bool_)))


def test_reliability_agrees_with_scikit_learn() -> None:
    sklearn = pytest.importorskip("sklearn.calibration", reason="needs the dev group")
    rng = np.random.default_rng(3)
    scores = rng.random((200, 5)).astype(np.float32)
    labels = rng.random((200, 5)) < scores
    shares, means = sklearn.calibration_curve(labels.ravel(), scores.ravel(), n_bins=15)
    bins = metrics.reliability(scores, labels, 15)
    np.testing.assert_allclose(bins.positive_shares, shares)
    np.testing.assert_allclose(bins.mean_scores, means, rtol=1e-6)

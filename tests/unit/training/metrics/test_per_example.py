"""Hit@1, PERR and top-k hits against an example worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from training import metrics

SCORES = np.array([[0.9, 0.8, 0.1, 0.3], [0.2, 0.7, 0.6, 0.05]], np.float32)
LABELS = np.array([[1, 0, 0, 1], [0, 1, 1, 0]], np.bool_)


def test_hit_at_1_counts_examples_whose_best_class_is_true() -> None:
    assert metrics.hit_at_1(SCORES, LABELS) == 1.0
    assert metrics.hit_at_1(SCORES, ~LABELS) == 0.0


def test_perr_equals_the_worked_example() -> None:
    # Of the best two classes one is true in the first row, both in the second.
    assert metrics.perr(SCORES, LABELS) == pytest.approx(0.75)


def test_perr_counts_0_for_an_example_without_labels() -> None:
    labels = LABELS.copy()
    labels[0] = False
    assert metrics.perr(SCORES, labels) == pytest.approx(0.5)


def test_perr_does_not_count_a_class_that_scores_0() -> None:
    scores = np.array([[0.4, 0.0]], np.float32)
    assert metrics.perr(scores, np.array([[True, True]])) == pytest.approx(0.5)


def test_top_k_hit_looks_at_the_best_k_classes() -> None:
    labels = np.array([[0, 0, 0, 1], [0, 0, 1, 0]], np.bool_)
    assert metrics.top_k_hit(SCORES, labels, 1) == 0.0
    assert metrics.top_k_hit(SCORES, labels, 2) == 0.5
    assert metrics.top_k_hit(SCORES, labels, 3) == 1.0


def test_measures_are_nan_without_examples() -> None:
    nothing, none = np.zeros((0, 4), np.float32), np.zeros((0, 4), np.bool_)
    assert math.isnan(metrics.hit_at_1(nothing, none))
    assert math.isnan(metrics.perr(nothing, none))
    assert math.isnan(metrics.top_k_hit(nothing, none, 5))

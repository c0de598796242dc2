"""Hit@1 and PERR against an example worked by hand, scikit-learn and plain counting."""

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


def test_of_equal_scores_the_lower_class_ranks_first() -> None:
    scores = np.full((1, 3), 0.5, np.float32)
    assert metrics.ranks(scores).tolist() == [[0, 1, 2]]
    assert metrics.perr(scores, np.array([[True, False, True]])) == pytest.approx(0.5)


def test_hit_at_1_agrees_with_scikit_learn_when_each_example_has_one_label() -> None:
    sklearn_metrics = pytest.importorskip("sklearn.metrics", reason="needs the dev group")
    rng = np.random.default_rng(3)
    scores = rng.random((300, 4)).astype(np.float32)
    classes = rng.integers(0, 4, 300)
    expected = sklearn_metrics.top_k_accuracy_score(classes, scores, k=1)
    assert 0.1 < expected < 0.5
    labels = np.eye(4, dtype=np.bool_)[classes]
    assert metrics.hit_at_1(scores, labels) == pytest.approx(expected)
    # Of one best class, the true one.
    assert metrics.perr(scores, labels) == pytest.approx(expected)


def test_both_agree_with_plain_counting_when_examples_have_several_labels() -> None:
    rng = np.random.default_rng(4)
    scores = rng.permuted(np.linspace(0.01, 1, 300 * 12)).reshape(300, 12).astype(np.float32)
    labels = rng.random((300, 12)) < 0.2
    hits, precisions = [], []
    for row, truth in zip(scores.tolist(), labels.tolist(), strict=True):
        best_first = sorted(range(12), key=lambda index, row=row: -row[index])
        hits.append(truth[best_first[0]])
        retrieved = best_first[: sum(truth)]
        precisions.append(sum(truth[index] for index in retrieved) / max(len(retrieved), 1))
    assert metrics.hit_at_1(scores, labels) == pytest.approx(np.mean(hits))
    assert metrics.perr(scores, labels) == pytest.approx(np.mean(precisions))


def test_measures_are_nan_without_examples() -> None:
    nothing, none = np.zeros((0, 4), np.float32), np.zeros((0, 4), np.bool_)
    assert math.isnan(metrics.hit_at_1(nothing, none))
    assert math.isnan(metrics.perr(nothing, none))

"""GAP and YouTube-8M's mAP against an example worked by hand, and scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest

from training import metrics

SCORES = np.array([[0.9, 0.8, 0.1, 0.3], [0.2, 0.7, 0.6, 0.05]], np.float32)
LABELS = np.array([[1, 0, 0, 1], [0, 1, 1, 0]], np.bool_)


@pytest.mark.parametrize(
    ("k", "expected"), [(4, 0.8041666667), (20, 0.8041666667), (2, 0.60416667)]
)
def test_gap_equals_the_worked_example(k: int, expected: float) -> None:
    assert metrics.global_average_precision(SCORES, LABELS, k) == pytest.approx(expected)


@pytest.mark.parametrize(("k", "expected"), [(4, 0.875), (2, 0.625)])
def test_map_of_top_k_equals_the_worked_example(k: int, expected: float) -> None:
    assert metrics.mean_average_precision_of_top_k(SCORES, LABELS, k) == pytest.approx(expected)


def test_a_class_without_positives_is_left_out_of_the_mean() -> None:
    labels = LABELS.copy()
    labels[:, 3] = False
    assert metrics.mean_average_precision_of_top_k(SCORES, labels, 2) == pytest.approx(2.5 / 3)


def test_both_are_nan_when_nothing_is_positive() -> None:
    nothing = np.zeros_like(LABELS)
    assert math.isnan(metrics.global_average_precision(SCORES, nothing))
    assert math.isnan(metrics.mean_average_precision_of_top_k(SCORES, nothing))


def test_a_constant_score_is_worth_the_share_of_positives() -> None:
    # The positives come first, among the examples and among the classes.
    labels = np.zeros((8, 6), np.bool_)
    labels[:4, :2] = True
    constant = np.full(labels.shape, 0.5, np.float32)
    assert metrics.global_average_precision(constant, labels, k=2) == pytest.approx(1 / 6)
    assert metrics.mean_average_precision_of_top_k(constant, labels, k=2) == pytest.approx(1 / 2)


def test_neither_depends_on_the_order_of_examples_or_classes_with_ties() -> None:
    rng = np.random.default_rng(6)
    scores = rng.integers(0, 8, (100, 12)).astype(np.float32) / 8
    labels = rng.random((100, 12)) < 0.2
    rows, columns = rng.permutation(100), rng.permutation(12)
    other_scores, other_labels = scores[rows][:, columns], labels[rows][:, columns]
    for measure in (metrics.global_average_precision, metrics.mean_average_precision_of_top_k):
        expected = measure(scores, labels, k=5)
        assert measure(other_scores, other_labels, k=5) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("num_values", [30, 2**24])
def test_both_agree_with_scikit_learn_when_every_class_is_retrieved(num_values: int) -> None:
    sklearn_metrics = pytest.importorskip("sklearn.metrics", reason="needs the dev group")
    rng = np.random.default_rng(3)
    scores = (rng.integers(0, num_values, (200, 5)) / num_values).astype(np.float32)
    labels = rng.random((200, 5)) < 0.2
    pooled = sklearn_metrics.average_precision_score(labels, scores, average="micro")
    assert metrics.global_average_precision(scores, labels) == pytest.approx(pooled, rel=1e-12)
    macro = sklearn_metrics.average_precision_score(labels, scores, average="macro")
    measured = metrics.mean_average_precision_of_top_k(scores, labels)
    assert measured == pytest.approx(macro, rel=1e-12)


def test_gap_of_top_k_is_what_scikit_learn_finds_scaled_by_the_share_retrieved() -> None:
    sklearn_metrics = pytest.importorskip("sklearn.metrics", reason="needs the dev group")
    rng = np.random.default_rng(4)
    scores = rng.random((300, 40)).astype(np.float32)
    labels = rng.random((300, 40)) < 0.1
    retrieved = metrics.ranks(scores) < 20
    found = sklearn_metrics.average_precision_score(labels[retrieved], scores[retrieved])
    share = labels[retrieved].sum() / labels.sum()
    assert metrics.global_average_precision(scores, labels) == pytest.approx(found * share)

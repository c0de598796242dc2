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


def test_both_agree_with_scikit_learn_when_every_class_is_retrieved() -> None:
    sklearn_metrics = pytest.importorskip("sklearn.metrics", reason="needs the dev group")
    rng = np.random.default_rng(3)
    scores = rng.random((200, 5)).astype(np.float32)
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

"""Confusions against an example worked by hand, and scikit-learn's confusion matrix."""

from __future__ import annotations

import numpy as np
import pytest

from training import metrics
from training.metrics import Confusion

SCORES = np.array(
    [
        [0.9, 0.1, 0.0],  # right
        [0.9, 0.1, 0.0],  # 1 and 2 are true, 0 came first
        [0.8, 0.7, 0.1],  # 1 is true, 0 came first
        [0.2, 0.1, 0.7],  # 0 is true, 2 came first
        [0.2, 0.1, 0.7],  # nothing is true
    ],
    np.float32,
)
LABELS = np.array([[1, 1, 0], [0, 1, 1], [0, 1, 0], [1, 0, 0], [0, 0, 0]], np.bool_)


def test_confusions_equal_the_worked_example() -> None:
    assert metrics.most_frequent_confusions(SCORES, LABELS, 10) == [
        Confusion(true_class=1, predicted_class=0, num_examples=2),
        Confusion(true_class=0, predicted_class=2, num_examples=1),
        Confusion(true_class=2, predicted_class=0, num_examples=1),
    ]


def test_only_the_most_frequent_are_given() -> None:
    assert metrics.most_frequent_confusions(SCORES, LABELS, 1) == [Confusion(1, 0, 2)]


def test_there_are_none_when_every_example_is_right_or_there_is_no_example() -> None:
    assert metrics.most_frequent_confusions(SCORES[:1], LABELS[:1], 10) == []
    assert metrics.most_frequent_confusions(SCORES[:0], LABELS[:0], 10) == []


def test_confusions_agree_with_scikit_learn_when_each_example_has_one_label() -> None:
    sklearn_metrics = pytest.importorskip("sklearn.metrics", reason="needs the dev group")
    rng = np.random.default_rng(7)
    scores = rng.random((300, 6)).astype(np.float32)
    truth = rng.integers(0, 6, 300)
    matrix = sklearn_metrics.confusion_matrix(truth, scores.argmax(axis=1))
    np.fill_diagonal(matrix, 0)
    confusions = metrics.most_frequent_confusions(scores, np.eye(6, dtype=np.bool_)[truth], 36)
    assert len(confusions) == np.count_nonzero(matrix)
    for confusion in confusions:
        expected = matrix[confusion.true_class, confusion.predicted_class]
        assert confusion.num_examples == expected

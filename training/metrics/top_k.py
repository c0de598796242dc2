"""YouTube-8M's GAP and mAP, which see only each example's best 20 classes.

Source: google/youtube-8m `eval_util.py`, `average_precision_calculator.py`. That breaks ties by
chance; here nothing depends on the order of classes or examples: classes that score as high as an
example's 20th best are among its best too, and equal scores have one precision.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from training.metrics.precision_recall import precision_recall_curve

TOP_K = 20


def global_average_precision(
    scores: NDArray[np.float32], labels: NDArray[np.bool_], k: int = TOP_K
) -> float:
    """Returns GAP@k: one average precision over the pooled best `k` classes of every example.

    Args:
        scores: (n, num_classes).
        labels: (n, num_classes); those outside the best `k` count as missed.
        k: Classes that count per example, and those that score as high as the last of them.

    Returns:
        0..1; NaN when nothing is positive.
    """
    is_retrieved = _best(scores, k)
    return _precision_over(scores[is_retrieved], labels[is_retrieved], int(labels.sum()))


def mean_average_precision_of_top_k(
    scores: NDArray[np.float32], labels: NDArray[np.bool_], k: int = TOP_K
) -> float:
    """Returns YouTube-8M's mAP: per class the average precision over what was retrieved.

    Not comparable with AudioSet's `mean_average_precision`.

    Args:
        scores: (n, num_classes).
        labels: (n, num_classes); a class without positives is left out, one with positives of
            which none was retrieved counts 0.
        k: Classes that are retrieved per example, and those that score as high as the last of them.

    Returns:
        0..1; NaN when nothing is positive.
    """
    is_retrieved = _best(scores, k)
    num_positives = labels.sum(axis=0)
    classes = np.flatnonzero(num_positives)
    if len(classes) == 0:
        return float("nan")
    rows = [is_retrieved[:, index] for index in classes]
    return float(
        np.mean(
            [
                _precision_over(scores[row, index], labels[row, index], int(num_positives[index]))
                for index, row in zip(classes, rows, strict=True)
            ]
        )
    )


def _best(scores: NDArray[np.float32], k: int) -> NDArray[np.bool_]:
    """Returns bool (n, num_classes): which classes score at least their example's k-th best."""
    if k >= scores.shape[1]:
        return np.ones(scores.shape, np.bool_)
    return scores >= -np.partition(-scores, k - 1, axis=1)[:, k - 1 : k]


def _precision_over(
    scores: NDArray[np.float32], labels: NDArray[np.bool_], num_positives: int
) -> float:
    """Returns the average precision when there are more positives than those given."""
    curve = precision_recall_curve(scores, labels)
    return replace(curve, num_positives=num_positives).average_precision

"""YouTube-8M's GAP and mAP, which see only each example's best 20 classes.

Source: google/youtube-8m `eval_util.py`, `average_precision_calculator.py`. Where that shuffles
equal scores, here the earlier example, then the lower class, ranks first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.metrics.per_example import ranks

TOP_K = 20


def global_average_precision(
    scores: NDArray[np.float32], labels: NDArray[np.bool_], k: int = TOP_K
) -> float:
    """Returns GAP@k: one average precision over the pooled best `k` classes of every example.

    Args:
        scores: (n, num_classes).
        labels: (n, num_classes); those outside the best `k` count as missed.
        k: Classes that count per example.

    Returns:
        0..1; NaN when nothing is positive.
    """
    is_retrieved = ranks(scores) < k
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
        k: Classes that are retrieved per example.

    Returns:
        0..1; NaN when nothing is positive.
    """
    is_retrieved = ranks(scores) < k
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


def _precision_over(
    scores: NDArray[np.float32], labels: NDArray[np.bool_], num_positives: int
) -> float:
    """Returns the sum of precision@rank at the positives, divided by `num_positives`."""
    if num_positives == 0:
        return float("nan")
    ranked = labels[np.argsort(-scores, kind="stable")]
    precision = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    return float(precision[ranked].sum() / num_positives)

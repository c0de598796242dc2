"""One threshold per class: where its F1 is highest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.metrics.precision_recall import precision_recall_curve


def best_f1_thresholds(
    scores: NDArray[np.floating], labels: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns the threshold of each class that gives the highest F1, and that F1.

    A score counts as a detection when it is at or above the threshold. Choose on examples that
    were neither trained on nor are measured on.

    Args:
        scores: (n, num_classes).
        labels: (n, num_classes).

    Returns:
        Twice float64 (num_classes,): thresholds, each one of the class's scores, the highest of
        equally good ones; and F1, 0..1. NaN for a class without positives.
    """
    columns = zip(scores.T, labels.T, strict=True)
    pairs = [_best_f1_threshold(column, truth) for column, truth in columns]
    thresholds, f1 = np.array(pairs, np.float64).reshape(-1, 2).T
    return thresholds, f1


def _best_f1_threshold(
    scores: NDArray[np.floating], is_positive: NDArray[np.bool_]
) -> tuple[float, float]:
    curve = precision_recall_curve(scores, is_positive)
    if curve.num_positives == 0:
        return float("nan"), float("nan")
    best = int(np.argmax(curve.f1))
    return float(curve.thresholds[best]), float(curve.f1[best])

"""One threshold per class: where its F1 is highest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def best_f1_thresholds(
    scores: NDArray[np.float32], labels: NDArray[np.bool_]
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
    scores: NDArray[np.float32], is_positive: NDArray[np.bool_]
) -> tuple[float, float]:
    if not is_positive.any():
        return float("nan"), float("nan")
    order = np.argsort(-scores, kind="stable")
    ranked_scores = scores[order]
    num_detections = np.arange(1, len(scores) + 1)
    # F1 = 2 TP / (detections + positives)
    f1 = 2.0 * np.cumsum(is_positive[order]) / (num_detections + is_positive.sum())
    # No threshold can part equal scores: only the last of them is a cut.
    is_cut = np.append(ranked_scores[1:] != ranked_scores[:-1], True)
    best = int(np.argmax(np.where(is_cut, f1, -1.0)))
    return float(ranked_scores[best]), float(f1[best])

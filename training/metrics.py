"""Metrics of multi-label classification, as the field defines them (numpy only).

Sources: Hit@1 as in google/youtube-8m `eval_util.py`; mAP as AudioSet defines it (Gemmeke et al.,
2017): per class the non-interpolated average precision over *all* clips, then the plain mean.
YouTube-8M's mAP (top 20 only) is another number and is not computed here.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def hit_at_1(scores: NDArray[np.float32], labels: NDArray[np.bool_]) -> float:
    """Returns the share of examples whose highest class is one of their labels.

    Args:
        scores: (n, num_classes), any scale; the first of equal scores counts.
        labels: (n, num_classes).

    Returns:
        0..1; NaN without examples.
    """
    if len(scores) == 0:
        return float("nan")
    best = np.argmax(scores, axis=1)
    return float(np.mean(labels[np.arange(len(scores)), best]))


def average_precisions(
    scores: NDArray[np.float32], labels: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Returns the average precision of each class over all examples.

    Args:
        scores: (n, num_classes); equal scores rank in the order of the examples.
        labels: (n, num_classes).

    Returns:
        float64 (num_classes,): mean of precision@rank over the ranks that hold a positive; NaN for
        a class without positives.
    """
    order = np.argsort(-scores, axis=0, kind="stable")
    ranked = np.take_along_axis(labels, order, axis=0)
    precision = np.cumsum(ranked, axis=0) / np.arange(1, len(scores) + 1)[:, None]
    num_positives = ranked.sum(axis=0)
    total = np.where(ranked, precision, 0.0).sum(axis=0)
    return np.divide(total, num_positives, out=np.full(len(total), np.nan), where=num_positives > 0)


def mean_average_precision(scores: NDArray[np.float32], labels: NDArray[np.bool_]) -> float:
    """Returns AudioSet's mAP: the mean of `average_precisions` over classes with a positive.

    Returns:
        0..1; NaN when no class has a positive.
    """
    per_class = average_precisions(scores, labels)
    return float(np.mean(per_class[~np.isnan(per_class)])) if np.any(labels) else float("nan")


def ranks(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """Returns the rank of each class within its example, 0 = highest: int64 (n, num_classes)."""
    order = np.argsort(-scores, axis=1, kind="stable")
    return np.argsort(order, axis=1, kind="stable")


def top_k_hit(scores: NDArray[np.float32], labels: NDArray[np.bool_], k: int) -> float:
    """Returns the share of examples with a true class among the best `k`; NaN without examples."""
    if len(scores) == 0:
        return float("nan")
    return float(np.mean(np.any((ranks(scores) < k) & labels, axis=1)))

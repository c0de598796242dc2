"""AudioSet's mAP: per class the average precision over *all* examples, then the plain mean.

Source: Gemmeke et al., Audio Set, ICASSP 2017.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


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

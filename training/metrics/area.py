"""Area under the ROC curve per class, and d' (d-prime) as AudioSet's papers give it."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray


def areas_under_curve(
    scores: NDArray[np.float32], labels: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Returns for each class the chance that a positive scores above a negative; a tie counts half.

    Args:
        scores: (n, num_classes).
        labels: (n, num_classes).

    Returns:
        float64 (num_classes,), 0..1; NaN for a class without positives or without negatives.
    """
    return np.array(
        [_area(column, truth) for column, truth in zip(scores.T, labels.T, strict=True)]
    )


def _area(scores: NDArray[np.float32], is_positive: NDArray[np.bool_]) -> float:
    num_positives = int(is_positive.sum())
    num_negatives = len(scores) - num_positives
    if num_positives == 0 or num_negatives == 0:
        return float("nan")
    # Mann and Whitney: the sum of the positives' ranks, equal scores sharing their mean rank.
    _, group, group_sizes = np.unique(scores, return_inverse=True, return_counts=True)
    mean_ranks = np.cumsum(group_sizes) - (group_sizes - 1) / 2
    rank_sum = float(mean_ranks[group][is_positive].sum())
    wins = rank_sum - num_positives * (num_positives + 1) / 2
    return wins / (num_positives * num_negatives)


def mean_area_under_curve(scores: NDArray[np.float32], labels: NDArray[np.bool_]) -> float:
    """Returns the plain mean of `areas_under_curve` over the classes that have one; else NaN."""
    per_class = areas_under_curve(scores, labels)
    defined = per_class[~np.isnan(per_class)]
    return float(defined.mean()) if len(defined) else float("nan")


def d_prime(area: float) -> float:
    """Returns sqrt(2) times the normal quantile of an area under the curve.

    Source: qiuqiangkong/audioset_tagging_cnn, `d_prime`; Gemmeke et al., ICASSP 2017.

    Args:
        area: 0..1, or NaN. At 0 and 1 the result is infinite.
    """
    if math.isnan(area):
        return area
    if area in (0.0, 1.0):
        return math.copysign(math.inf, area - 0.5)
    return math.sqrt(2.0) * NormalDist().inv_cdf(area)

"""Whether a score of 0.8 is right in 80 % of the cases.

Source: Naeini et al., Obtaining well calibrated probabilities, AAAI 2015; every pair of example
and class is one binary prediction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """Predictions sorted into equal bins of 0..1 by their score; an empty bin holds zeros.

    Attributes:
        counts: int64 (num_bins,), predictions in the bin.
        mean_scores: float64 (num_bins,).
        positive_shares: float64 (num_bins,), how many of them were true.
    """

    counts: NDArray[np.int64]
    mean_scores: NDArray[np.float64]
    positive_shares: NDArray[np.float64]


def reliability(
    scores: NDArray[np.float32], labels: NDArray[np.bool_], num_bins: int = 15
) -> Reliability:
    """Returns what a reliability diagram shows.

    Args:
        scores: 0..1, of any shape.
        labels: Of the same shape.
        num_bins: Of equal width; a score on an edge is in the upper bin, 1 in the last.
    """
    bins = np.minimum((scores.ravel().astype(np.float64) * num_bins).astype(np.int64), num_bins - 1)
    counts = np.bincount(bins, minlength=num_bins)
    divisor = np.maximum(counts, 1)
    score_sums = np.bincount(bins, weights=scores.ravel(), minlength=num_bins)
    positives = np.bincount(bins, weights=labels.ravel(), minlength=num_bins)
    return Reliability(counts, score_sums / divisor, positives / divisor)


def expected_calibration_error(
    scores: NDArray[np.float32], labels: NDArray[np.bool_], num_bins: int = 15
) -> float:
    """Returns the mean distance of score and share of positives over the bins, by their counts.

    Args:
        scores: 0..1, of any shape.
        labels: Of the same shape.
        num_bins: As in `reliability`.

    Returns:
        0..1; NaN without predictions.
    """
    if scores.size == 0:
        return float("nan")
    bins = reliability(scores, labels, num_bins)
    distances = np.abs(bins.mean_scores - bins.positive_shares)
    return float(np.sum(bins.counts * distances) / scores.size)

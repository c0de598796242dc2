"""Precision and recall of one class, at every threshold or at a given one.

A score counts as a detection when it is at or above the threshold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class PrecisionRecallCurve:
    """What each threshold that makes a difference gives, from the highest to the lowest.

    Attributes:
        thresholds: float64 (m,), the distinct scores, descending.
        num_detections: int64 (m,), scores at or above the threshold, at least 1.
        num_hits: int64 (m,), how many of them are positives.
        num_positives: Of all examples.
    """

    thresholds: NDArray[np.float64]
    num_detections: NDArray[np.int64]
    num_hits: NDArray[np.int64]
    num_positives: int

    @property
    def precision(self) -> NDArray[np.float64]:
        """The share of the detections that are right: float64 (m,)."""
        return self.num_hits / self.num_detections

    @property
    def recall(self) -> NDArray[np.float64]:
        """The share of the positives that are detected: float64 (m,); NaN without positives."""
        if self.num_positives == 0:
            return np.full(len(self.num_hits), np.nan)
        return self.num_hits / self.num_positives

    @property
    def f1(self) -> NDArray[np.float64]:
        """The harmonic mean of precision and recall: float64 (m,); 0 without hits."""
        return 2.0 * self.num_hits / (self.num_detections + self.num_positives)

    @property
    def average_precision(self) -> float:
        """The mean over the positives of the precision at their score; NaN without positives.

        A positive that no threshold detects counts 0. Equal scores have one precision, so their
        order means nothing, as in scikit-learn's `average_precision_score`.
        """
        if self.num_positives == 0:
            return float("nan")
        new_hits = np.diff(self.num_hits, prepend=0)
        return float(np.sum(new_hits * self.precision) / self.num_positives)


def precision_recall_curve(
    scores: NDArray[np.floating], is_positive: NDArray[np.bool_]
) -> PrecisionRecallCurve:
    """Returns the curve of one class; equal scores are detected together or not at all.

    Args:
        scores: (n,), any scale; n may be 0.
        is_positive: (n,).
    """
    order = np.argsort(-scores, kind="stable")
    ranked = scores[order].astype(np.float64)
    is_last_of_equals = np.append(ranked[1:] != ranked[:-1], np.ones(min(len(ranked), 1), np.bool_))
    cuts = np.flatnonzero(is_last_of_equals)
    num_hits = np.cumsum(is_positive[order], dtype=np.int64)[cuts]
    return PrecisionRecallCurve(ranked[cuts], cuts + 1, num_hits, int(is_positive.sum()))


def precisions_and_recalls(
    scores: NDArray[np.floating], labels: NDArray[np.bool_], thresholds: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Returns precision and recall of each class at one threshold of its own.

    Args:
        scores: (n, num_classes).
        labels: (n, num_classes).
        thresholds: (num_classes,); NaN detects nothing.

    Returns:
        Twice float64 (num_classes,): precision, NaN for a class without detections; recall, NaN
        for a class without positives.
    """
    is_detected = scores >= thresholds
    num_hits = (is_detected & labels).sum(axis=0)
    return _share(num_hits, is_detected.sum(axis=0)), _share(num_hits, labels.sum(axis=0))


def _share(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)

"""AudioSet's mAP: per class the average precision over *all* examples, then the plain mean.

Source: Gemmeke et al., Audio Set, ICASSP 2017.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.metrics.precision_recall import precision_recall_curve


def average_precisions(
    scores: NDArray[np.float32], labels: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Returns the average precision of each class over all examples.

    Args:
        scores: (n, num_classes); equal scores of a class count together.
        labels: (n, num_classes).

    Returns:
        float64 (num_classes,): mean over the positives of the precision at their score; NaN for a
        class without positives.
    """
    columns = zip(scores.T, labels.T, strict=True)
    return np.array(
        [precision_recall_curve(column, truth).average_precision for column, truth in columns]
    )


def mean_average_precision(scores: NDArray[np.float32], labels: NDArray[np.bool_]) -> float:
    """Returns AudioSet's mAP: the mean of `average_precisions` over classes with a positive.

    Returns:
        0..1; NaN when no class has a positive.
    """
    per_class = average_precisions(scores, labels)
    return float(np.mean(per_class[~np.isnan(per_class)])) if np.any(labels) else float("nan")

"""What each example's best classes are worth: Hit@1, PERR.

Source: google/youtube-8m `eval_util.py`.
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


def perr(scores: NDArray[np.float32], labels: NDArray[np.bool_]) -> float:
    """Returns the precision at equal recall rate: of as many best classes as labels, the true ones.

    Args:
        scores: (n, num_classes); of equal scores the lower class ranks first, and a class that
            scores 0 or less is never right.
        labels: (n, num_classes); an example without labels counts 0.

    Returns:
        0..1; NaN without examples.
    """
    if len(scores) == 0:
        return float("nan")
    num_labels = labels.sum(axis=1)
    is_right = (ranks(scores) < num_labels[:, None]) & labels & (scores > 0)
    return float(np.mean(is_right.sum(axis=1) / np.maximum(num_labels, 1)))


def ranks(scores: NDArray[np.float32]) -> NDArray[np.int64]:
    """Returns the rank of each class within its example, 0 = highest: int64 (n, num_classes).

    Of equal scores the lower class ranks first.
    """
    order = np.argsort(-scores, axis=1, kind="stable")
    return np.argsort(order, axis=1, kind="stable")

"""Which class is heard in place of which."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Confusion:
    """A true class, and one that scored highest although it was not true.

    Attributes:
        true_class: Index of a label of the example.
        predicted_class: Index of the highest score, not among the example's labels.
        num_examples: In how many examples that was so.
    """

    true_class: int
    predicted_class: int
    num_examples: int


def most_frequent_confusions(
    scores: NDArray[np.floating], labels: NDArray[np.bool_], num_pairs: int
) -> list[Confusion]:
    """Returns the most frequent pairs of a missed class and what was predicted first instead.

    An example counts when its highest score is not one of its labels, that is where `hit_at_1`
    fails; then it counts once for each of its labels.

    Args:
        scores: (n, num_classes); the first of equal scores counts.
        labels: (n, num_classes).
        num_pairs: At most so many.

    Returns:
        By descending number of examples; equal numbers by true, then predicted class.
    """
    if len(scores) == 0:
        return []
    num_classes = scores.shape[1]
    best = np.argmax(scores, axis=1)
    is_missed = ~labels[np.arange(len(scores)), best]
    rows, true_classes = np.nonzero(labels & is_missed[:, None])
    pairs, counts = np.unique(true_classes * num_classes + best[rows], return_counts=True)
    order = np.argsort(-counts, kind="stable")[:num_pairs]
    return [
        Confusion(
            int(pairs[place] // num_classes), int(pairs[place] % num_classes), int(counts[place])
        )
        for place in order
    ]

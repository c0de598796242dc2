"""Per class, the score from which on it is taken as heard: chosen on segments not trained on.

Two halves of the segments: the model of each scores the other, so every score is of a segment that
its model has not seen, and no segment is lost to training. Then the score of the best F1.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from training import metrics
from training.readers import ClassLabel, Segments, holdout_rows

THRESHOLDS_FILE = "thresholds.csv"


def out_of_fold_scores(
    segments: Segments,
    train: Callable[[Segments], keras.Model],
    score: Callable[[keras.Model, Segments], NDArray[np.float32]],
    seed: int,
) -> NDArray[np.float32]:
    """Returns scores float32 (n, c), each by a model that has not seen the segment.

    Args:
        segments: n of them, labelled.
        train: Makes a model of some of them.
        score: From that model and the others to scores.
        seed: Of the halves.
    """
    in_second = holdout_rows(segments.ids, share=0.5, seed=seed)
    scores = np.zeros(segments.labels.shape, np.float32)
    for held_out in (in_second, ~in_second):
        network = train(segments.take(np.flatnonzero(~held_out)))
        scores[held_out] = score(network, segments.take(np.flatnonzero(held_out)))
    return scores


def write_thresholds(
    path: Path,
    class_labels: Sequence[ClassLabel],
    scores: NDArray[np.float32],
    labels: NDArray[np.bool_],
) -> None:
    """Writes one row per class: index, threshold of the best F1, that F1, number of positives.

    A threshold is one of the scores, to the last digit: rounded it might be above its own score. A
    class without a positive has an empty threshold and F1.
    """
    thresholds, f1 = metrics.best_f1_thresholds(scores, labels)
    positives = labels.sum(axis=0)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["index", "display_name", "threshold", "f1", "num_positives"])
        for label, threshold, best, count in zip(
            class_labels, thresholds, f1, positives, strict=True
        ):
            shown = (repr(float(threshold)), f"{best:.4f}") if count else ("", "")
            writer.writerow([label.index, label.display_name, *shown, count])

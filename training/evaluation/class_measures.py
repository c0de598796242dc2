"""What is measured class by class, or label by label."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earshot.events.labels import ClassIndex
from training import metrics

COLUMNS = (
    *("index", "mid", "display_name", "num_positives"),
    *("ap", "auc", "threshold", "precision", "recall", "f1"),
)


@dataclass(frozen=True, slots=True, eq=False)
class ClassMeasures:
    """Measures of c classes; NaN where a class has no positives, or no negatives for `auc`.

    Attributes:
        num_positives: int64 (c,), segments that hold the class.
        ap: float64 (c,), average precision over all segments.
        auc: float64 (c,), area under the ROC curve.
        threshold: float64 (c,), where F1 is highest *on these segments*: an optimistic choice.
        precision: float64 (c,), at that threshold.
        recall: float64 (c,), at that threshold.
        f1: float64 (c,), at that threshold.
    """

    num_positives: NDArray[np.int64]
    ap: NDArray[np.float64]
    auc: NDArray[np.float64]
    threshold: NDArray[np.float64]
    precision: NDArray[np.float64]
    recall: NDArray[np.float64]
    f1: NDArray[np.float64]

    @property
    def without_positives(self) -> NDArray[np.int64]:
        """Indices of the classes that the means leave out."""
        return np.flatnonzero(self.num_positives == 0)


def measure_classes(scores: NDArray[np.floating], labels: NDArray[np.bool_]) -> ClassMeasures:
    """Returns the measures of every class.

    Args:
        scores: (n, c), 0..1.
        labels: (n, c).
    """
    threshold, f1 = metrics.best_f1_thresholds(scores, labels)
    precision, recall = metrics.precisions_and_recalls(scores, labels, threshold)
    return ClassMeasures(
        labels.sum(axis=0),
        metrics.average_precisions(scores, labels),
        metrics.areas_under_curve(scores, labels),
        threshold,
        precision,
        recall,
        f1,
    )


def to_csv(classes: ClassIndex, measures: ClassMeasures) -> str:
    """Returns `COLUMNS` and a row per class; what is not defined is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for index, (mid, name) in enumerate(zip(classes.mids, classes.display_names, strict=True)):
        values = [getattr(measures, column)[index] for column in COLUMNS[4:]]
        cells = ["" if math.isnan(value) else f"{value:.6g}" for value in values]
        writer.writerow([index, mid, name, measures.num_positives[index], *cells])
    return text.getvalue()

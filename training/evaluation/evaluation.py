"""Everything that was measured of one bundle on one set of segments."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earshot.embedding.model_card import ModelCard
from earshot.events.labels import ClassIndex
from training import metrics
from training.evaluation.class_measures import ClassMeasures
from training.evaluation.product_labels import ProductLabels


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """What the tables and the page show.

    Attributes:
        card: The bundle's.
        classes: The bundle's, c of them.
        pattern: Of the files the segments came from.
        command: The one that measured.
        date: When, as YYYY-MM-DD.
        scores: float32 (n, c), 0..1.
        labels: bool (n, c).
        damage: One sentence per record that could not be read.
        values: Metrics and counts by name, see `measure`; None for what is not defined.
        per_class: Measures of every class.
        product: Measures of the product's labels; None if the bundle lacks their classes.
    """

    card: ModelCard
    classes: ClassIndex
    pattern: str
    command: str
    date: str
    scores: NDArray[np.float32]
    labels: NDArray[np.bool_]
    damage: tuple[str, ...]
    values: dict[str, float | int | None]
    per_class: ClassMeasures
    product: ProductLabels | None


def measure(
    scores: NDArray[np.float32], labels: NDArray[np.bool_], num_damaged: int
) -> dict[str, float | int | None]:
    """Returns every metric of at least one segment by its name, both families, and the counts.

    `map`, `auc` and `d_prime` are AudioSet's; `gap` and `map_at_20` YouTube-8M's; `ece` over 15
    bins of all predictions. What is not defined, or not finite, is None.

    Args:
        scores: (n, c), 0..1.
        labels: (n, c).
        num_damaged: Records that could not be read.
    """
    auc = metrics.mean_area_under_curve(scores, labels)
    measured = {
        "hit_at_1": metrics.hit_at_1(scores, labels),
        "perr": metrics.perr(scores, labels),
        "gap": metrics.global_average_precision(scores, labels),
        "map_at_20": metrics.mean_average_precision_of_top_k(scores, labels),
        "map": metrics.mean_average_precision(scores, labels),
        "auc": auc,
        "d_prime": metrics.d_prime(auc),
        "ece": metrics.expected_calibration_error(scores, labels),
    }
    return {
        **{name: value if math.isfinite(value) else None for name, value in measured.items()},
        "num_segments": len(scores),
        "num_damaged": num_damaged,
        "num_classes": scores.shape[1],
        "num_classes_with_positives": int(np.count_nonzero(labels.any(axis=0))),
    }

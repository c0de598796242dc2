"""The labels a product acts on, measured like classes and at the thresholds it uses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earshot.events.scores import Members, label_scores
from earshot.events.taxonomy import Taxonomy
from training import metrics
from training.evaluation.class_measures import ClassMeasures, measure_classes
from training.evaluation.metric_phrases import shown


@dataclass(frozen=True, slots=True, eq=False)
class ProductLabels:
    """A taxonomy's labels on n segments.

    The product decides patch by patch, here a whole segment counts once: the numbers rank labels
    and thresholds, they are not its rate of false alarms.

    Attributes:
        taxonomy: Its `labels`, l of them, in the order of everything below.
        scores: float16 (n, l), the highest score among each label's classes, as the product rounds.
        is_positive: bool (n, l), whether the segment has one of those classes.
        measures: As for classes.
        precision_at_on: float64 (l,), at the label's own `on_score`; NaN where nothing reaches it.
        recall_at_on: float64 (l,), NaN without positives.
    """

    taxonomy: Taxonomy
    scores: NDArray[np.float16]
    is_positive: NDArray[np.bool_]
    measures: ClassMeasures
    precision_at_on: NDArray[np.float64]
    recall_at_on: NDArray[np.float64]


def measure_product_labels(
    taxonomy: Taxonomy,
    members: Members,
    class_scores: NDArray[np.float32],
    class_labels: NDArray[np.bool_],
) -> ProductLabels:
    """Returns the labels' measures.

    Args:
        taxonomy: The labels.
        members: Their classes, from `earshot.events.scores.members_of`.
        class_scores: (n, num_classes), 0..1.
        class_labels: (n, num_classes).
    """
    scores = label_scores(class_scores, members)
    gathered = class_labels[:, members.class_indices]
    is_positive = np.logical_or.reduceat(gathered, members.first_member, axis=1)
    on_scores = np.array([label.on_score for label in taxonomy.labels])
    precision, recall = metrics.precisions_and_recalls(scores, is_positive, on_scores)
    measures = measure_classes(scores, is_positive)
    return ProductLabels(taxonomy, scores, is_positive, measures, precision, recall)


def label_rows(product: ProductLabels) -> list[list[str]]:
    """Returns a row per label: name, positives, AP, and what two thresholds give."""
    measures = product.measures
    on_scores = [label.on_score for label in product.taxonomy.labels]
    columns = (
        *(measures.ap, measures.threshold, measures.precision, measures.recall),
        *(on_scores, product.precision_at_on, product.recall_at_on),
    )
    return [
        [
            label.name,
            shown(int(measures.num_positives[index])),
            *(shown(float(column[index])) for column in columns),
        ]
        for index, label in enumerate(product.taxonomy.labels)
    ]

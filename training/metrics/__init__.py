"""Metrics of multi-label classification, as the field defines them (numpy only).

Two families bear the same names and are not comparable: YouTube-8M's GAP and mAP look at each
example's best 20 classes, AudioSet's mAP, AUC and d' rank every example for every class.
"""

from training.metrics.area import areas_under_curve, d_prime, mean_area_under_curve
from training.metrics.calibration import (
    Reliability,
    expected_calibration_error,
    reliability,
)
from training.metrics.confusion import Confusion, most_frequent_confusions
from training.metrics.per_class import average_precisions, mean_average_precision
from training.metrics.per_example import hit_at_1, perr, ranks
from training.metrics.precision_recall import (
    PrecisionRecallCurve,
    precision_recall_curve,
    precisions_and_recalls,
)
from training.metrics.threshold import best_f1_thresholds
from training.metrics.top_k import global_average_precision, mean_average_precision_of_top_k

__all__ = [
    "Confusion",
    "PrecisionRecallCurve",
    "Reliability",
    "areas_under_curve",
    "average_precisions",
    "best_f1_thresholds",
    "d_prime",
    "expected_calibration_error",
    "global_average_precision",
    "hit_at_1",
    "mean_area_under_curve",
    "mean_average_precision",
    "mean_average_precision_of_top_k",
    "most_frequent_confusions",
    "perr",
    "precision_recall_curve",
    "precisions_and_recalls",
    "ranks",
    "reliability",
]

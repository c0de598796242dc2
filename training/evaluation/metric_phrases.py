"""What each measured value is called, and what it says in a phrase."""

from __future__ import annotations

import math

PHRASES: dict[str, tuple[str, str]] = {
    "hit_at_1": ("Hit@1", "segments whose highest score is a true class"),
    "perr": ("PERR", "precision of as many best classes as a segment has"),
    "gap": ("GAP@20", "average precision, all segments' 20 best classes pooled"),
    "map_at_20": ("mAP@20", "YouTube-8M's mAP: only each segment's 20 best count"),
    "map": ("mAP", "AudioSet's mAP: average precision per class, mean"),
    "auc": ("AUC", "chance that a positive outscores a negative, mean"),
    "d_prime": ("d′", "AUC as a distance, in standard deviations"),
    "ece": ("ECE", "mean distance of a score from the share that is true"),
    "num_segments": ("segments", "measured"),
    "num_damaged": ("damaged", "records that could not be read, and are left out"),
    "num_classes": ("classes", "of the bundle"),
    "num_classes_with_positives": ("in the means", "classes with a positive example here"),
}


def shown(value: float | int | None, digits: int = 3) -> str:
    """Returns a value for people: digits after the point, 12,345 for a count, – if not defined."""
    if value is None or math.isnan(value):
        return "–"
    return f"{value:.{digits}f}" if isinstance(value, float) else f"{value:,}"

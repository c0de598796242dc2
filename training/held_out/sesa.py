"""SESA: siren (alarms included), gunshot, explosion, or none of these ("casual").

From which score on a threat counts is chosen here too, for there is no other set that knows: by
clips of other groups than the one that is judged, so that no clip decides about itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.embedder.danger import NO_THREAT
from training.embedder.partition import groups
from training.held_out.heard import Heard

CLASSES: dict[str, tuple[str, ...]] = {
    "siren": (
        "Siren",
        "Civil defense siren",
        "Police car (siren)",
        "Ambulance (siren)",
        "Fire engine, fire truck (siren)",
        "Emergency vehicle",
        "Alarm",
        "Fire alarm",
        "Smoke detector, smoke alarm",
        "Car alarm",
        "Buzzer",
    ),
    "gunshot": ("Gunshot, gunfire", "Machine gun", "Fusillade", "Cap gun"),
    "explosion": ("Explosion", "Boom", "Eruption", "Artillery fire"),
}


# From which score on a threat may count.
THRESHOLDS = np.arange(1, 20) / 20


def measure(heard: Sequence[Heard], class_names: Sequence[str]) -> dict[str, Any]:
    """Returns how many clips get the right one of SESA's four classes.

    A class's score is that of its highest patch and member; the highest class wins if it reaches
    the threshold that is best for the clips of all other groups.

    Args:
        heard: Clips of SESA, at least one.
        class_names: Display names in the order of the scores.

    Returns:
        ``num_clips``, ``accuracy`` and ``recall_by_class``, so decided; ``best_threshold`` of all
        clips; and ``accuracy_by_threshold``, when all are decided by one.
    """
    names = [*CLASSES, NO_THREAT]
    highest = np.stack([clip.patch_scores.max(axis=0) for clip in heard])
    indices = [[class_names.index(name) for name in members] for members in CLASSES.values()]
    scores = np.stack([highest[:, members].max(axis=1) for members in indices], axis=1)
    truth = np.array([names.index(clip.recording.label_of_set) for clip in heard])
    # int (thresholds, n): what each clip is found to be by each threshold.
    found_by = np.where(
        scores.max(axis=1) >= THRESHOLDS[:, None], scores.argmax(axis=1), len(CLASSES)
    )
    is_right = found_by == truth
    found = np.zeros(len(heard), np.intp)
    for group in _groups(heard):
        found[group] = found_by[_best(np.delete(is_right, group, axis=1)), group]
    return {
        "num_clips": len(heard),
        "accuracy": round(float((found == truth).mean()), 4),
        "best_threshold": float(THRESHOLDS[_best(is_right)]),
        "accuracy_by_threshold": {
            f"{threshold:g}": round(float(right.mean()), 3)
            for threshold, right in zip(THRESHOLDS, is_right, strict=True)
        },
        "recall_by_class": {
            name: round(float((found[truth == row] == row).mean()), 3)
            for row, name in enumerate(names)
            if (truth == row).any()
        },
    }


def _groups(heard: Sequence[Heard]) -> list[list[int]]:
    """Returns the rows of each group of recordings."""
    row_of = {clip.recording.file: row for row, clip in enumerate(heard)}
    recordings = [clip.recording for clip in heard]
    return [[row_of[recording.file] for recording in group] for group in groups(recordings)]


def _best(is_right: NDArray[np.bool_]) -> int:
    """Returns the row with the most right answers, the middle one of several."""
    num_right = is_right.sum(axis=1)
    rows = np.flatnonzero(num_right == num_right.max())
    return int(rows[len(rows) // 2])

"""SESA: siren (alarms included), gunshot, explosion, or none of these ("casual")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from training.embedder.danger import NO_THREAT
from training.held_out.heard import ON_SCORE, Heard

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


def measure(heard: Sequence[Heard], class_names: Sequence[str]) -> dict[str, Any]:
    """Returns ``num_clips``, ``accuracy`` and ``recall_by_class`` over SESA's four classes.

    A class's score is that of its highest patch and member; the highest class wins if it reaches
    `ON_SCORE`.

    Args:
        heard: Clips of SESA, at least one.
        class_names: Display names in the order of the scores.
    """
    names = [*CLASSES, NO_THREAT]
    highest = np.stack([clip.patch_scores.max(axis=0) for clip in heard])
    indices = [[class_names.index(name) for name in members] for members in CLASSES.values()]
    scores = np.stack([highest[:, members].max(axis=1) for members in indices], axis=1)
    found = np.where(scores.max(axis=1) >= ON_SCORE, scores.argmax(axis=1), len(CLASSES))
    truth = np.array([names.index(clip.recording.label_of_set) for clip in heard])
    return {
        "num_clips": len(heard),
        "accuracy": round(float((found == truth).mean()), 4),
        "recall_by_class": {
            name: round(float((found[truth == row] == row).mean()), 3)
            for row, name in enumerate(names)
            if (truth == row).any()
        },
    }

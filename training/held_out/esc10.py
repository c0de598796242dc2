"""ESC-10: is the right one of its ten classes found among AudioSet's 527, and among its own ten?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from training import metrics
from training.held_out.heard import Heard

# Which AudioSet classes count as right for a class of ESC-10.
CLASSES: dict[str, tuple[str, ...]] = {
    "Baby cry": ("Baby cry, infant cry", "Crying, sobbing"),
    "Chainsaw": ("Chainsaw",),
    "Clock tick": ("Clock", "Tick", "Tick-tock"),
    "Dog bark": ("Dog", "Bark", "Yip", "Bow-wow", "Whimper (dog)"),
    "Fire crackling": ("Fire", "Crackle"),
    "Helicopter": ("Helicopter",),
    "Person sneeze": ("Sneeze",),
    "Rain": ("Rain", "Raindrop", "Rain on surface"),
    "Rooster": ("Chicken, rooster", "Crowing, cock-a-doodle-doo"),
    "Sea waves": ("Ocean", "Waves, surf"),
}


def measure(heard: Sequence[Heard], class_names: Sequence[str]) -> dict[str, Any]:
    """Returns the hits on ESC-10's clips; a class's score is that of its highest patch.

    Args:
        heard: Clips of ESC-10, at least one.
        class_names: Display names in the order of the scores.

    Returns:
        ``num_clips``; ``top_1_of_10``, the share where the best of the ten groups of classes is
        the right one; ``top_5_of_527``, where a right class is among the best five of all; and
        ``top_5_by_class``.
    """
    names = list(CLASSES)
    members = np.zeros((len(names), len(class_names)), np.bool_)
    for row, name in enumerate(names):
        members[row, [class_names.index(member) for member in CLASSES[name]]] = True
    truth = np.array([names.index(clip.recording.label_of_set) for clip in heard])
    scores = np.stack([clip.patch_scores.max(axis=0) for clip in heard])
    best_of_ten = np.stack([scores[:, row].max(axis=1) for row in members], axis=1).argmax(axis=1)
    hits = np.any((metrics.ranks(scores) < 5) & members[truth], axis=1)
    return {
        "num_clips": len(heard),
        "top_1_of_10": round(float((best_of_ten == truth).mean()), 4),
        "top_5_of_527": round(float(hits.mean()), 4),
        "top_5_by_class": {
            name: round(float(hits[truth == row].mean()), 3)
            for row, name in enumerate(names)
            if (truth == row).any()
        },
    }

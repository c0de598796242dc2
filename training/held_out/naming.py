"""Are the labels of the manifest found? For every recording that bears one, whatever its set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from training import metrics
from training.embedder.danger import VAGUE_LABELS
from training.held_out.heard import Heard


def measure(heard: Sequence[Heard], class_names: Sequence[str]) -> dict[str, Any]:
    """Returns how often one of a recording's labels is among the best five, by tier and in all.

    A class's score is that of its highest patch. Recordings under vague names alone, or under
    names that are none of AudioSet's, do not count.

    Args:
        heard: Recordings of any tier.
        class_names: Display names in the order of the scores.

    Returns:
        ``all``, ``tier_a`` and ``tier_b``, each with ``num_recordings`` and ``top_5_of_527``
        (None where there is no recording).
    """
    known = set(class_names) - VAGUE_LABELS
    named = [clip for clip in heard if known & set(clip.recording.labels)]
    hits = [_is_hit(clip, class_names, known) for clip in named]
    tiers = [clip.recording.tier for clip in named]
    of_tier = {
        "all": hits,
        "tier_a": [hit for hit, tier in zip(hits, tiers, strict=True) if tier == "A"],
        "tier_b": [hit for hit, tier in zip(hits, tiers, strict=True) if tier == "B"],
    }
    return {
        name: {
            "num_recordings": len(part),
            "top_5_of_527": round(float(np.mean(part)), 4) if part else None,
        }
        for name, part in of_tier.items()
    }


def _is_hit(clip: Heard, class_names: Sequence[str], known: set[str]) -> bool:
    truth = [class_names.index(name) for name in known & set(clip.recording.labels)]
    ranks = metrics.ranks(clip.patch_scores.max(axis=0)[None])[0]
    return bool((ranks[truth] < 5).any())

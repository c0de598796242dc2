"""Agreement with the teacher, patch by patch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from earshot.audio.params import FULL_SCALE, PATCH_HOP_SAMPLES, PATCH_SAMPLES
from training import metrics
from training.embedder.teacher import Teacher
from training.held_out.heard import Heard


def measure(heard: Sequence[Heard], teacher: Teacher) -> dict[str, Any]:
    """Returns how often teacher and models agree on what is heard best.

    Classes that the teacher does not know are left out.

    Returns:
        ``num_patches``; ``same_best_class``; ``best_in_top_5``, the teacher's best class among the
        models' best five; and ``mean_difference``, of the scores, absolute, over all classes.
    """
    taught = np.concatenate([_teach(clip, teacher) for clip in heard])[:, teacher.is_known]
    scores = np.concatenate([clip.patch_scores for clip in heard])[:, teacher.is_known]
    best = taught.argmax(axis=1)
    ranks = metrics.ranks(scores)[np.arange(len(best)), best]
    return {
        "num_patches": len(best),
        "same_best_class": round(float((ranks == 0).mean()), 4),
        "best_in_top_5": round(float((ranks < 5).mean()), 4),
        "mean_difference": round(float(np.abs(scores - taught).mean()), 5),
    }


def _teach(clip: Heard, teacher: Teacher) -> np.ndarray:
    waveform = clip.pcm.astype(np.float32) / np.float32(FULL_SCALE)
    starts = np.arange(len(clip.patch_scores)) * PATCH_HOP_SAMPLES
    return np.stack([teacher.score(waveform[s : s + PATCH_SAMPLES]) for s in starts])

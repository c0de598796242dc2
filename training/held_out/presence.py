"""Speech, music and silence: are the commonest sounds told from everything else?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from earshot.audio.params import PATCH_SAMPLES
from training import metrics
from training.held_out.heard import ON_SCORE, Heard, Listener

NAMES = ("Speech", "Music")
# Digital silence, and what a good converter makes of it: white noise from -100 to -70 dBFS.
NOISE_FLOORS_DBFS = (-100.0, -95.0, -90.0, -85.0, -80.0, -75.0, -70.0)


def measure(heard: Sequence[Heard], class_names: Sequence[str]) -> dict[str, Any]:
    """Returns, for speech and music, how well their score sets the recordings apart that hold them.

    Args:
        heard: Recordings with labels, at least one.
        class_names: Display names in the order of the scores.

    Returns:
        Per name: ``num_recordings`` that bear the label; ``average_precision`` of the highest
        patch's score over all recordings; and ``recall``, the share of them that reach `ON_SCORE`;
        both None when no recording bears it.
    """
    scores = np.stack([clip.patch_scores.max(axis=0) for clip in heard])
    measured = {}
    for name in NAMES:
        column = scores[:, class_names.index(name)]
        holds = np.array([name in clip.recording.labels for clip in heard])
        precision = recall = None
        if holds.any():
            average = metrics.average_precisions(column[:, None], holds[:, None])[0]
            precision = round(float(average), 4)
            recall = round(float((column[holds] >= ON_SCORE).mean()), 4)
        measured[name.lower()] = {
            "num_recordings": int(holds.sum()),
            "average_precision": precision,
            "recall": recall,
        }
    return measured


def measure_silence(listener: Listener, class_names: Sequence[str]) -> dict[str, Any]:
    """Returns the share of silent patches whose best class is Silence, and the highest other score.

    Args:
        listener: Hears them.
        class_names: Display names in the order of the scores.
    """
    rng = np.random.default_rng(0)
    amplitudes = [0.0, *(10 ** (level_dbfs / 20) for level_dbfs in NOISE_FLOORS_DBFS)]
    floors = [each * 32_767 * rng.standard_normal(PATCH_SAMPLES) for each in amplitudes]
    codes = [listener.embed(np.rint(floor).astype(np.int16)) for floor in floors]
    scores = listener.score(np.concatenate(codes))
    silence = class_names.index("Silence")
    return {
        "num_patches": len(scores),
        "best_class_is_silence": round(float((scores.argmax(axis=1) == silence).mean()), 4),
        "highest_other_score": round(float(np.delete(scores, silence, axis=1).max()), 4),
    }

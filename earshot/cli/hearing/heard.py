"""What was heard in one recording."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earshot.contracts.messages import Scores
from earshot.events.event import SoundEvent
from services.capture.sources.recording import Recording


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What was heard in one recording.

    Attributes:
        recording: The file.
        events: Their last revisions, by onset; equal onsets in the order of the taxonomy.
        highest: float16 (C,), each class's highest patch score.
        patch_scores: float16 (T, C); no rows unless they were asked for.
        level_dbfs: float32 (T,), RMS of each patch.
        rms_dbfs: Of the whole recording at 16 kHz, mono.
        peak_dbfs: The same.
    """

    recording: Recording
    events: tuple[SoundEvent, ...]
    highest: Scores
    patch_scores: Scores
    level_dbfs: NDArray[np.float32]
    rms_dbfs: float
    peak_dbfs: float

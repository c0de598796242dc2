"""Patch scores as one compressed `.npz`, readable without pickle.

patch_scores   float16 (T, C)  belief about each patch
start_s        float64 (T,)    where it starts, seconds; a patch counts for 0.96 s
level_dbfs     float32 (T,)    its RMS
mids           str (C,)        what the columns are: AudioSet ids
display_names  str (C,)        and names
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from earshot.audio.params import PATCH_HOP_SAMPLES, SAMPLE_RATE_HZ
from earshot.cli.bundle.replacing import new_file
from earshot.cli.hearing.heard import Heard
from earshot.events.labels import ClassIndex


def write_frames(path: Path, heard: Heard, classes: ClassIndex) -> None:
    """Writes the patch scores of a recording, whatever the name's ending.

    Raises:
        OSError: It cannot be written.
    """
    starts_s = np.arange(len(heard.patch_scores)) * PATCH_HOP_SAMPLES / SAMPLE_RATE_HZ
    with new_file(path) as aside, aside.open("wb") as file:
        np.savez_compressed(
            file,
            patch_scores=heard.patch_scores,
            start_s=starts_s,
            level_dbfs=heard.level_dbfs,
            mids=np.array(classes.mids),
            display_names=np.array(classes.display_names),
        )

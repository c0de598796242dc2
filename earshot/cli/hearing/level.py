"""How loud a recording is, and how far its loud parts stand out from its quiet ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from earshot.audio.level import peak_dbfs
from earshot.audio.params import FLOOR_DBFS, FULL_SCALE
from services.capture.chunker import SILENT_DBFS

MIN_SNR_PATCHES = 5
LOUD_PERCENTILE, QUIET_PERCENTILE = 95, 10
MEDIUM_SNR_DB, HIGH_SNR_DB = 10.0, 20.0


class LevelMeter:
    """Measures a stream of samples as it passes.

    Attributes:
        peak_dbfs: Largest magnitude so far; -120 for silence.
    """

    def __init__(self) -> None:
        self.peak_dbfs = FLOOR_DBFS
        self._num_samples = 0
        self._square_sum = 0

    @property
    def rms_dbfs(self) -> float:
        """RMS of everything so far; -120 for silence and for nothing."""
        if not self._square_sum:
            return FLOOR_DBFS
        relative_power = self._square_sum / self._num_samples / FULL_SCALE**2
        return max(FLOOR_DBFS, float(10 * np.log10(relative_power)))

    def watch(self, pcm: Iterable[NDArray[np.int16]]) -> Iterator[NDArray[np.int16]]:
        """Passes int16 (num_samples,) on, each block measured."""
        for block in pcm:
            self.peak_dbfs = max(self.peak_dbfs, peak_dbfs(block))
            # Squares are below 2**31 and their sum is an integer: exact, however it is cut.
            self._square_sum += int(np.square(block, dtype=np.int32).sum(dtype=np.int64))
            self._num_samples += block.size
            yield block


def snr_db(level_dbfs: NDArray[np.float32]) -> float | None:
    """Returns an estimate of the signal-to-noise ratio: loud patches against quiet ones.

    It is the 95th percentile of the patches' levels minus the 10th, and takes for granted that the
    sound of interest pauses: a sound that never does counts as noise. Levels below -90 dBFS, lower
    than any microphone's noise, count as -90.

    Args:
        level_dbfs: float32 (num_patches,), RMS of each patch.

    Returns:
        dB, 0 or more; None for fewer than 5 patches or when all are silent.
    """
    if len(level_dbfs) < MIN_SNR_PATCHES or level_dbfs.max() <= SILENT_DBFS:
        return None
    audible = np.maximum(level_dbfs, SILENT_DBFS).astype(np.float64)
    loud, quiet = np.percentile(audible, [LOUD_PERCENTILE, QUIET_PERCENTILE])
    return float(loud - quiet)


def snr_band(snr_db: float | None) -> str | None:
    """Returns low (below 10 dB), medium (below 20 dB) or high; None without an estimate."""
    if snr_db is None:
        return None
    if snr_db < MEDIUM_SNR_DB:
        return "low"
    return "medium" if snr_db < HIGH_SNR_DB else "high"

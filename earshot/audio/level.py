"""How loud it is: levels of int16 samples in dB relative to full scale.

0 dBFS is a sample of -32,768; a full-scale square wave has an RMS of 0 dBFS, a full-scale sine of
-3.01 dBFS. Sums are of integers, hence exact and the same in any order.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from earshot.audio.framing import num_patches
from earshot.audio.params import FLOOR_DBFS, FULL_SCALE, PATCH_HOP_SAMPLES, PATCH_SAMPLES

_FULL_SCALE_POWER = float(FULL_SCALE) ** 2


def level_dbfs(pcm: NDArray[np.int16]) -> float:
    """Returns the RMS level of int16 (num_samples,); -120 for silence and for no samples."""
    return float(_power_dbfs(np.array([_mean_square(pcm)]))[0])


def peak_dbfs(pcm: NDArray[np.int16]) -> float:
    """Returns the largest magnitude of int16 (num_samples,); -120 for silence and no samples."""
    peak = _peak(pcm)
    return float(_power_dbfs(np.array([float(peak) ** 2]))[0])


def is_clipped(pcm: NDArray[np.int16]) -> bool:
    """Whether any sample of int16 (num_samples,) has a magnitude of 32,767 or more."""
    return _peak(pcm) >= FULL_SCALE - 1


def patch_levels_dbfs(pcm: NDArray[np.int16]) -> NDArray[np.float32]:
    """Returns the RMS level of each whole patch of 15,600 samples, float32 (num_patches,).

    Args:
        pcm: int16 (num_samples,); patches start every 15,360 samples.
    """
    starts = range(0, num_patches(pcm.size) * PATCH_HOP_SAMPLES, PATCH_HOP_SAMPLES)
    mean_squares = [_mean_square(pcm[start : start + PATCH_SAMPLES]) for start in starts]
    return _power_dbfs(np.array(mean_squares, np.float64)).astype(np.float32)


def _mean_square(pcm: NDArray[np.int16]) -> float:
    """Exact up to the division, since squares are below 2**31 and their sum is in int64."""
    squares = np.square(pcm, dtype=np.int32)
    return int(squares.sum(dtype=np.int64)) / max(1, pcm.size)


def _peak(pcm: NDArray[np.int16]) -> int:
    # Not abs(): the magnitude of -32,768 does not fit in int16.
    return max(int(pcm.max()), -int(pcm.min())) if pcm.size else 0


def _power_dbfs(mean_squares: NDArray[np.float64]) -> NDArray[np.float64]:
    relative_power = np.maximum(mean_squares / _FULL_SCALE_POWER, np.finfo(np.float64).tiny)
    levels: NDArray[np.float64] = np.maximum(10 * np.log10(relative_power), FLOOR_DBFS)
    return levels

"""Log-mel patches, the network's input: VGGish's mel bands over the magnitude spectrogram.

Source: tensorflow/models, research/audioset/vggish/{mel_features,vggish_input}.py. It differs from
what most libraries call mel: HTK's scale, triangles linear in mel, no area normalisation.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from earshot.audio.errors import NotFinite, TooShort
from earshot.audio.framing import num_patches
from earshot.audio.params import (
    FULL_SCALE,
    LOG_OFFSET,
    MAX_HZ,
    MIN_HZ,
    NUM_BANDS,
    NUM_BINS,
    PATCH_FRAMES,
    PATCH_HOP_SAMPLES,
    PATCH_SAMPLES,
    SAMPLE_RATE_HZ,
)
from earshot.audio.spectrogram import spectrogram

# OpenBLAS shares products of more than 262,144 multiplications among threads (interface/gemm.c).
# For ones this small that costs more than it saves, and on a busy machine forty times as much.
_FRAMES_PER_PRODUCT = 12


def hz_to_mel(frequencies_hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Converts to mel on HTK's scale: 1127 ln(1 + f / 700)."""
    mel: NDArray[np.float64] = 1127.0 * np.log1p(frequencies_hz / 700.0)
    return mel


@cache
def mel_weights() -> NDArray[np.float32]:
    """Returns float32 (257, 64): how much each FFT bin adds to each band.

    66 edges, evenly spaced in mel from 125 to 7,500 Hz, make 64 overlapping triangles that rise
    from 0 to 1 and fall to 0 linearly in mel. The row of the DC bin is 0.
    """
    bins_mel = hz_to_mel(np.linspace(0, SAMPLE_RATE_HZ / 2, NUM_BINS))[:, np.newaxis]
    lowest_mel, highest_mel = hz_to_mel(np.array([MIN_HZ, MAX_HZ]))
    edges_mel = np.linspace(lowest_mel, highest_mel, NUM_BANDS + 2)
    lower_mel, centre_mel, upper_mel = edges_mel[:-2], edges_mel[1:-1], edges_mel[2:]
    rising = (bins_mel - lower_mel) / (centre_mel - lower_mel)
    falling = (upper_mel - bins_mel) / (upper_mel - centre_mel)
    triangles = np.maximum(0, np.minimum(rising, falling))
    weights: NDArray[np.float32] = triangles.astype(np.float32)
    weights[0] = 0
    weights.flags.writeable = False
    return weights


def log_mel(waveform: NDArray[np.float32]) -> NDArray[np.float32]:
    """Returns float32 (num_frames, 64): ln(mel + 0.01); digital silence is ln 0.01 everywhere.

    Args:
        waveform: float32 (num_samples,), in [-1, 1]. int16 that was not divided by 32,768 shifts
            the result by up to 10.4.
    """
    magnitudes = spectrogram(waveform)
    bands = np.empty((len(magnitudes), NUM_BANDS), np.float32)
    for i in range(0, len(magnitudes), _FRAMES_PER_PRODUCT):
        group = slice(i, i + _FRAMES_PER_PRODUCT)
        np.matmul(magnitudes[group], mel_weights(), out=bands[group])
    bands += np.float32(LOG_OFFSET)
    np.log(bands, out=bands)
    return bands


def patches(waveform: NDArray[np.int16] | NDArray[np.float32]) -> NDArray[np.float32]:
    """Returns the log-mel patches of a stretch of sound at 16 kHz.

    Patch i covers the samples [15,360 i, 15,360 i + 15,600); samples after the last whole patch
    are left out. Each patch is computed by itself, so its bytes do not depend on its neighbours,
    and no array is larger than a processor's cache.

    Args:
        waveform: int16 (num_samples,), or float32 (num_samples,) in [-1, 1].

    Returns:
        float32 (num_patches, 96, 64).

    Raises:
        TooShort: Less than one patch.
        NotFinite: NaN or infinity among the samples.
    """
    count = num_patches(waveform.size)
    if not count:
        raise TooShort(
            f"{waveform.size} samples at 16 kHz; a patch needs {PATCH_SAMPLES} (0.975 s)"
        )
    log_mel_patches = np.empty((count, PATCH_FRAMES, NUM_BANDS), np.float32)
    for i in range(count):
        stretch = waveform[i * PATCH_HOP_SAMPLES :][:PATCH_SAMPLES]
        log_mel_patches[i] = log_mel(_scaled(stretch, i))
    return log_mel_patches


def _scaled(
    stretch: NDArray[np.int16] | NDArray[np.float32], patch_index: int
) -> NDArray[np.float32]:
    """int16 as float32 in [-1, 1); float32 as it is, once it is known to be finite."""
    waveform = stretch.astype(np.float32, copy=False)
    if stretch.dtype == np.int16:
        return waveform * np.float32(1 / FULL_SCALE)
    if not np.isfinite(waveform).all():
        raise NotFinite(f"NaN or infinity among the samples of patch {patch_index}")
    return waveform

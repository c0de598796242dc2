"""The magnitude spectrogram of VGGish, in float32 throughout.

Source: tensorflow/models, research/audioset/vggish/mel_features.py (`stft_magnitude`).
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from earshot.audio.framing import frame
from earshot.audio.params import FFT_SAMPLES, WINDOW_SAMPLES


@cache
def periodic_hann() -> NDArray[np.float32]:
    """Returns the window, float32 (400,): 0.5 - 0.5 cos(2 pi n / 400).

    Periodic: `numpy.hanning` is the symmetric one, with 399 in the denominator, and is wrong here.
    """
    n = np.arange(WINDOW_SAMPLES)
    window = (0.5 - 0.5 * np.cos(2 * np.pi * n / WINDOW_SAMPLES)).astype(np.float32)
    window.flags.writeable = False
    return window


def spectrogram(waveform: NDArray[np.float32]) -> NDArray[np.float32]:
    """Returns |rfft| of each windowed frame: magnitude, not power, and not normalised.

    Args:
        waveform: float32 (num_samples,), in [-1, 1].

    Returns:
        float32 (num_frames, 257), frames as in `earshot.audio.framing.frame`.
    """
    frames = frame(waveform)
    # Padding here instead of in rfft(n=512) takes a third off its time.
    padded = np.zeros((len(frames), FFT_SAMPLES), np.float32)
    np.multiply(frames, periodic_hann(), out=padded[:, :WINDOW_SAMPLES])
    magnitudes: NDArray[np.float32] = np.abs(np.fft.rfft(padded))
    return magnitudes

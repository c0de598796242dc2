"""Rooms of our own making: an echo or two, then a tail whose highs die first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from earshot.audio.params import SAMPLE_RATE_HZ

TAIL_SAMPLES = SAMPLE_RATE_HZ  # a second


def impulse_response(rng: np.random.Generator) -> NDArray[np.float32]:
    """Returns the response of a random room, float32 (16000,), its direct sound at 0 with 1.

    Walls answer 6 to 12 times within 3 to 50 ms; noise follows that decays by 60 dB in 0.1 to
    0.9 s, its upper half two to four times as fast. Together -15 to +3 dB beside the direct sound.
    """
    times_s = np.arange(TAIL_SAMPLES) / SAMPLE_RATE_HZ
    decay_s = rng.uniform(0.1, 0.9)
    white = np.fft.rfft(rng.standard_normal(TAIL_SAMPLES))
    upper = np.linspace(0, 8_000, len(white)) / rng.uniform(1_000, 4_000)
    lows = np.fft.irfft(white / (1 + upper**2), TAIL_SAMPLES)
    highs = np.fft.irfft(white - white / (1 + upper**2), TAIL_SAMPLES)
    # -60 dB is a factor of 1000: exp(-6.908).
    room = lows * np.exp(-6.908 * times_s / decay_s)
    room += highs * np.exp(-6.908 * times_s * rng.uniform(2, 4) / decay_s)
    room /= np.sqrt(np.sum(np.square(room)))
    echoes_s = rng.uniform(0.003, 0.05, int(rng.integers(6, 13)))
    strengths = rng.choice([-1, 1], len(echoes_s)) * 0.5 * np.exp(-echoes_s / 0.03)
    np.add.at(room, (echoes_s * SAMPLE_RATE_HZ).astype(int), strengths)
    room *= 10 ** (rng.uniform(-15, 3) / 20) / np.sqrt(np.sum(np.square(room)))
    room[0] = 1.0
    return room.astype(np.float32)


def reverberate(waveform: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Returns the sound as heard in a random room, as long as it was."""
    num_points = len(waveform) + TAIL_SAMPLES
    response = np.fft.rfft(impulse_response(rng), num_points)
    wet = np.fft.irfft(np.fft.rfft(waveform, num_points) * response, num_points)
    return wet[: len(waveform)].astype(np.float32)

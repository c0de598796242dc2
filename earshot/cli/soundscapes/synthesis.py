"""What the soundscapes are made of: tones, noises and plucked strings, at 16 kHz.

All functions return float64 (num_samples,). Levels are RMS in dB below full scale.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from earshot.cli.soundscapes.soundscape import SAMPLE_RATE_HZ

Waveform = NDArray[np.float64]


def num_samples(duration_s: float) -> int:
    """Returns how many samples last so long."""
    return round(duration_s * SAMPLE_RATE_HZ)


def at_level(waveform: Waveform, level_dbfs: float) -> Waveform:
    """Returns the waveform with this RMS level."""
    rms = float(np.sqrt(np.mean(waveform**2)))
    return waveform * (10 ** (level_dbfs / 20) / rms)


def coloured_noise(rng: np.random.Generator, duration_s: float, slope_db: float) -> Waveform:
    """Returns noise whose level falls by `slope_db` per octave: 0 white, 3 pink, 6 brown."""
    spectrum = np.fft.rfft(rng.standard_normal(num_samples(duration_s)))
    frequencies_hz = np.fft.rfftfreq(num_samples(duration_s), 1 / SAMPLE_RATE_HZ)
    # Nothing below 40 Hz: no microphone hears it, and it would take all of the level.
    gain = np.where(frequencies_hz < 40, 0.0, np.maximum(frequencies_hz, 40) ** (-slope_db / 6.02))
    return np.fft.irfft(spectrum * gain, num_samples(duration_s))


def tone(frequency_hz: Waveform, partials: Sequence[float]) -> Waveform:
    """Returns a tone that glides along a frequency, with partials 1, 2, 3 … of these amplitudes.

    Partials above 7.5 kHz are left out: they would fold back.
    """
    phase = 2 * np.pi * np.cumsum(frequency_hz) / SAMPLE_RATE_HZ
    mix = np.zeros_like(phase)
    for order, amplitude in enumerate(partials, 1):
        mix += np.where(order * frequency_hz < 7_500, amplitude, 0.0) * np.sin(order * phase)
    return mix


def steady(frequency_hz: float, duration_s: float) -> Waveform:
    """Returns a frequency that does not change, for `tone`."""
    return np.full(num_samples(duration_s), float(frequency_hz))


def faded(waveform: Waveform, fade_s: float) -> Waveform:
    """Returns the waveform with linear fades at both ends."""
    ramp = np.minimum(1.0, np.arange(len(waveform)) / max(num_samples(fade_s), 1))
    envelope: Waveform = ramp * ramp[::-1]
    return waveform * envelope


def decaying(waveform: Waveform, half_life_s: float) -> Waveform:
    """Returns the waveform as it dies away."""
    times_s = np.arange(len(waveform)) / SAMPLE_RATE_HZ
    return waveform * 0.5 ** (times_s / half_life_s)


def plucked(rng: np.random.Generator, frequency_hz: float, duration_s: float) -> Waveform:
    """Returns a plucked string (Karplus and Strong, Computer Music Journal 7(2), 1983)."""
    period = round(SAMPLE_RATE_HZ / frequency_hz)
    string = rng.uniform(-1, 1, period)
    periods = []
    for _ in range(-(-num_samples(duration_s) // period)):
        periods.append(string)
        string = 0.996 * 0.5 * (string + np.roll(string, 1))
    return np.concatenate(periods)[: num_samples(duration_s)]


def add(scene: Waveform, waveform: Waveform, onset_s: float) -> None:
    """Mixes a waveform into a scene, in place; what would be beyond its end is left out."""
    start = num_samples(onset_s)
    end = min(start + len(waveform), len(scene))
    scene[start:end] += waveform[: end - start]


def in_room(rng: np.random.Generator, waveform: Waveform, reverberation_s: float) -> Waveform:
    """Returns the waveform with the echo of a room: noise that falls by 60 dB in so long."""
    echo = decaying(rng.standard_normal(num_samples(reverberation_s)), reverberation_s / 10)
    echo[0] = 4 * np.abs(echo).max()  # the direct sound
    length = len(waveform) + len(echo) - 1
    mixed = np.fft.irfft(np.fft.rfft(waveform, length) * np.fft.rfft(echo, length), length)
    scaled: Waveform = mixed / np.sqrt(np.sum(echo**2))
    return scaled

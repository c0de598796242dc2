"""What microphones, rooms and converters do to a sound, in the waveform: float32 in [-1, 1]."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from earshot.audio.params import SAMPLE_RATE_HZ


def gain(decibels: float) -> np.float32:
    """Returns the factor of a gain in dB."""
    return np.float32(10 ** (decibels / 20))


def level_dbfs(waveform: NDArray[np.float32]) -> float:
    """Returns the RMS level; -120 for silence."""
    return float(20 * np.log10(np.sqrt(np.mean(np.square(waveform))) + 1e-6))


def at_level(waveform: NDArray[np.float32], target_dbfs: float) -> NDArray[np.float32]:
    """Returns the waveform scaled to an RMS level, amplified by 40 dB at most."""
    return waveform * gain(min(40.0, target_dbfs - level_dbfs(waveform)))


def noise(num_samples: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """Returns noise of unit RMS, its spectrum falling by 0 (white) to 6 dB an octave (brown)."""
    spectrum = np.fft.rfft(rng.standard_normal(num_samples))
    bins = np.maximum(np.arange(len(spectrum)), 20)  # flat below 20 Hz
    spectrum *= bins ** -rng.uniform(0.0, 1.0)
    waveform = np.fft.irfft(spectrum, num_samples)
    return (waveform / np.sqrt(np.mean(np.square(waveform)))).astype(np.float32)


def band_limit(waveform: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Removes what a cheap microphone does not pass: below 40-400 Hz, above 3-7.5 kHz."""
    spectrum = np.fft.rfft(waveform)
    frequencies_hz = np.fft.rfftfreq(len(waveform), 1 / SAMPLE_RATE_HZ)
    lowest_hz, highest_hz = rng.uniform(40, 400), rng.uniform(3_000, 7_500)
    # Two poles below, four above: slopes, not cliffs.
    response = 1 / np.sqrt(1 + (lowest_hz / np.maximum(frequencies_hz, 1)) ** 4)
    response /= np.sqrt(1 + (frequencies_hz / highest_hz) ** 8)
    return np.fft.irfft(spectrum * response, len(waveform)).astype(np.float32)


def reverberate(waveform: NDArray[np.float32], rng: np.random.Generator) -> NDArray[np.float32]:
    """Adds a room: noise that decays by 60 dB in 0.1 to 0.8 s, -12 to +3 dB beside the sound."""
    decay_s = rng.uniform(0.1, 0.8)
    times_s = np.arange(len(waveform)) / SAMPLE_RATE_HZ
    room = rng.standard_normal(len(waveform)) * 10 ** (-3 * times_s / decay_s)
    room /= np.sqrt(np.sum(np.square(room)))
    num_points = 2 * len(waveform)
    tail = np.fft.irfft(np.fft.rfft(waveform, num_points) * np.fft.rfft(room, num_points))
    wet = gain(rng.uniform(-12, 3))
    return waveform + wet * tail[: len(waveform)].astype(np.float32)


def requantise(waveform: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rounds to 8 bits, as one of the data sets was: its marks must not become a clue."""
    return (np.round(waveform * np.float32(127)) / np.float32(127)).astype(np.float32)

"""Sounds of a user's own: recordings to learn from, and what is played to the trained model."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from earshot.audio.params import PATCH_HOP_SAMPLES, SAMPLE_RATE_HZ

LOW_HZ, HIGH_HZ = 500.0, 3_000.0
RECORDING_PATCHES = 4


def hiss(num_patches: int, seed: int) -> NDArray[np.float64]:
    """A room in which nothing happens."""
    return np.random.default_rng(seed).normal(0, 1e-3, num_patches * PATCH_HOP_SAMPLES)


def beep(num_patches: int, hz: float, seed: int) -> NDArray[np.float64]:
    """A tone in that room, each time a little louder or softer."""
    time_s = np.arange(num_patches * PATCH_HOP_SAMPLES) / SAMPLE_RATE_HZ
    amplitude = np.random.default_rng(seed).uniform(0.1, 0.3)
    return hiss(num_patches, seed) + amplitude * np.sin(2 * np.pi * hz * time_s)


def sweep(num_patches: int, seed: int) -> NDArray[np.float64]:
    """A siren that rises and falls twice a second, between the two tones."""
    time_s = np.arange(num_patches * PATCH_HOP_SAMPLES) / SAMPLE_RATE_HZ
    hz = 1_300 + 400 * np.sin(2 * np.pi * 2 * time_s)
    phase = 2 * np.pi * np.cumsum(hz) / SAMPLE_RATE_HZ
    return hiss(num_patches, seed) + 0.2 * np.sin(phase)


def write(path: Path, waveform: NDArray[np.float64]) -> None:
    """Writes a recording that ends with its last patch."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, np.append(waveform, np.zeros(240)), SAMPLE_RATE_HZ)


def write_collection(folder: Path, *, with_sweep: bool) -> None:
    """Writes a folder per label below `labelled`, and `background`."""
    for seed in range(4):
        file = f"{seed}.wav"
        write(folder / "background" / file, hiss(RECORDING_PATCHES, seed))
        write(folder / "labelled" / "low beep" / file, beep(RECORDING_PATCHES, LOW_HZ, seed))
        write(folder / "labelled" / "high beep" / file, beep(RECORDING_PATCHES, HIGH_HZ, seed))
        if with_sweep:
            write(folder / "labelled" / "a siren" / file, sweep(RECORDING_PATCHES, seed))

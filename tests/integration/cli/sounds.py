"""Sounds made up for tests, at any rate, and files made of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

ALARM_HZ = 3_100.0
ALARM_BEGINS_S, PULSE_S, CYCLE_S = 3.0, 0.5, 4.0


def alarm(duration_s: float = 12.0, rate_hz: int = 16_000) -> NDArray[np.float32]:
    """A smoke alarm's three pulses, every four seconds (ISO 8201), from second 3 on."""
    time_s = np.arange(round(duration_s * rate_hz)) / rate_hz
    in_cycle_s = (time_s - ALARM_BEGINS_S) % CYCLE_S
    is_on = (time_s >= ALARM_BEGINS_S) & (in_cycle_s < 6 * PULSE_S) & (in_cycle_s % 1 < PULSE_S)
    hiss = np.random.default_rng(0).normal(0, 1e-3, time_s.size)
    return (0.3 * np.sin(2 * np.pi * ALARM_HZ * time_s) * is_on + hiss).astype(np.float32)


def write(path: Path, samples: NDArray[np.float32], rate_hz: int = 16_000, **form: str) -> Path:
    """Writes a sound file; returns its path."""
    soundfile.write(path, samples, rate_hz, **form)
    return path

"""Sounds made up for the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

Tone = Callable[..., Path]


@pytest.fixture
def tone(tmp_path: Path) -> Tone:
    """Writes a tone into a file of the test's folder, whose folders are made; returns its path."""

    def write(name: str, duration_s: float = 1.0, hz: float = 440.0, rate_hz: int = 16_000) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        time_s = np.arange(round(duration_s * rate_hz)) / rate_hz
        soundfile.write(path, 0.3 * np.sin(2 * np.pi * hz * time_s), rate_hz)
        return path

    return write

"""What a soundscape is: sound, and the truth about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

SAMPLE_RATE_HZ = 16_000


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One sound that is in a soundscape for sure.

    Attributes:
        label: What the taxonomy calls it.
        onset_s: Where it begins.
        offset_s: Where it ends.
    """

    label: str
    onset_s: float
    offset_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Soundscape:
    """Synthetic sound of one place.

    Attributes:
        device_id: Who is to hear it.
        waveform: float64 (num_samples,), within [-1, 1], at 16 kHz.
        truth: What should be found, by onset.
    """

    device_id: str
    waveform: NDArray[np.float64]
    truth: tuple[Occurrence, ...]

    @property
    def duration_s(self) -> float:
        """Its length."""
        return len(self.waveform) / SAMPLE_RATE_HZ

    def write(self, folder: Path) -> Path:
        """Writes `<device_id>.wav`, 16 bits, and returns its path."""
        path = folder / f"{self.device_id}.wav"
        soundfile.write(path, self.waveform, SAMPLE_RATE_HZ, subtype="PCM_16")
        return path

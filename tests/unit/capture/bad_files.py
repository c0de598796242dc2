"""Makes recordings to damage, and plays what must be refused."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from services.capture.errors import RecordingError
from services.capture.sources.recording import Recording


def noise(num_samples: int = 80_000) -> np.ndarray:
    return np.random.default_rng(0).uniform(-0.3, 0.3, num_samples).astype(np.float32)


def refusal(path: Path) -> str:
    """Plays a file that must be refused; returns the reason after checking the message's form."""
    with pytest.raises(RecordingError) as caught:
        for _ in Recording.open(path).pcm():
            pass
    message = str(caught.value)
    assert message == f"{path}: {caught.value.reason}"
    assert "\n" not in message
    return caught.value.reason


def wav_bytes(data: bytes, rate_hz: int = 16_000, announced_bytes: int | None = None) -> bytes:
    size = len(data) if announced_bytes is None else announced_bytes
    form = struct.pack("<IHHIIHH", 16, 1, 1, rate_hz, rate_hz * 2, 2, 16)
    riff_bytes = min(36 + size, 2**32 - 1)
    head = b"RIFF" + struct.pack("<I", riff_bytes) + b"WAVEfmt " + form
    return head + b"data" + struct.pack("<I", size) + data

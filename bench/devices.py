"""Devices that all hear the same synthetic sound: silence with a wailing siren in it."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from earshot.audio.params import PATCH_HOP_SAMPLES, PATCH_SAMPLES, SAMPLE_RATE_HZ
from earshot.contracts.convert import encode_audio
from earshot.contracts.messages import AudioChunk, Flags, Header
from earshot.streams.port import Answer
from earshot.streams.redis_streams import RedisStreams
from earshot.topics import AUDIO

PATCH_S = PATCH_HOP_SAMPLES / SAMPLE_RATE_HZ
CYCLE_PATCHES = 16  # 8 of hiss, 8 of siren


def sound(num_patches: int) -> NDArray[np.int16]:
    """Returns int16: hiss, and every 15 s for 8 s a tone that wails between 500 and 1,500 Hz."""
    num_samples = PATCH_SAMPLES + (num_patches - 1) * PATCH_HOP_SAMPLES
    t = np.arange(num_samples) / SAMPLE_RATE_HZ
    hz = 1_000 - 500 * np.cos(2 * np.pi * 0.3 * t)
    phase = 2 * np.pi * np.cumsum(hz) / SAMPLE_RATE_HZ
    wail = sum(np.sin(n * phase) / n for n in (1, 2, 3))
    is_on = (t // PATCH_S) % CYCLE_PATCHES >= CYCLE_PATCHES / 2
    hiss = np.random.default_rng(3).standard_normal(num_samples) * 30
    return np.clip(hiss + 6_000 * wail * is_on, -32_768, 32_767).astype(np.int16)


class Device:
    """Appends one chunk after the other, and remembers when."""

    def __init__(self, streams: RedisStreams, name: str, pcm: NDArray[np.int16]) -> None:
        self._streams, self.name, self._pcm = streams, name, pcm
        self._started_at_ns = time.time_ns()
        self._sequence = self._patch = 0
        self.appended_at_s: list[float] = []

    def append(self, patches: int = 1, *, is_last: bool = False) -> None:
        """Appends the next patches; waits while the topic is full."""
        first = self._patch * PATCH_HOP_SAMPLES
        count = PATCH_SAMPLES + (patches - 1) * PATCH_HOP_SAMPLES if patches else 0
        at_ns = self._started_at_ns + first * 62_500
        flags = Flags.END_OF_SESSION if is_last else Flags.NONE
        header = Header(self.name, "bench", self._sequence, first, at_ns, flags)
        entry = encode_audio(AudioChunk(header, self._pcm[first : first + count]))
        while self._streams.append(AUDIO, entry, patient=True).answer is Answer.FULL:
            time.sleep(0.01)
        self.appended_at_s += [time.monotonic()] * patches
        self._sequence += 1
        self._patch += patches

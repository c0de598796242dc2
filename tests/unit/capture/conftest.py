"""A topic in memory, a clock that only waiting moves, and a session's chunks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest
from prometheus_client import CollectorRegistry

from earshot.contracts.messages import AudioChunk
from earshot.streams.memory_streams import MemoryStreams
from earshot.streams.policy import Policy
from earshot.streams.port import Appended
from earshot.topics import AUDIO
from services.capture.append import append_to
from services.capture.chunker import chunks
from services.capture.metrics import CaptureMetrics
from services.capture.session import Session


@dataclass
class FakeTime:
    """Both a Stop and a clock: waiting takes no time, and tells `on_wait` how long it was."""

    now_s: float = 100.0
    is_stopped: bool = False
    waits_s: list[float] = field(default_factory=list)
    on_wait: Callable[[], None] = lambda: None

    def __call__(self) -> float:
        return self.now_s

    def is_set(self) -> bool:
        return self.is_stopped

    def wait(self, timeout: float) -> bool:
        if not self.is_stopped:
            self.waits_s.append(timeout)
            self.now_s += timeout
            self.on_wait()
        return self.is_stopped

    def stop(self) -> None:
        self.is_stopped = True


@dataclass
class AudioTopic:
    """The audio topic of one partition in memory, as `append` and as what it holds."""

    streams: MemoryStreams = field(default_factory=lambda: MemoryStreams(Policy(partitions=1)))

    def append(self, chunk: AudioChunk) -> Appended:
        return append_to(self.streams)(chunk)

    def chunks(self) -> list[AudioChunk]:
        entries = self.streams.log(AUDIO, 0).entries.values()
        return [AUDIO.decode(entry) for _, entry in entries]

    def take(self) -> None:
        """Makes room, as a consumer and the reaper would: removes the oldest entry."""
        log = self.streams.log(AUDIO, 0)
        log.remove(min(log.entries))


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def topic() -> AudioTopic:
    return AudioTopic()


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
def metrics(registry: CollectorRegistry) -> CaptureMetrics:
    return CaptureMetrics(registry)


@pytest.fixture
def session_chunks() -> list[AudioChunk]:
    """Five chunks of noise and the end."""
    pcm = np.random.default_rng(0).integers(-1_000, 1_000, 80_000, np.int16)
    return list(chunks([pcm], Session("kitchen", "01ARZ3NDEKTSV4RRFFQ69G5FAV", 1_000_000)))

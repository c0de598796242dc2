"""What the features service costs beside its network, over a real broker."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import numpy as np
from prometheus_client import CollectorRegistry

from bench.networks import vggish_sized
from bench.row import Row
from earshot.audio.mel import patches
from earshot.contracts.convert import encode_audio
from earshot.contracts.messages import AudioChunk, Flags, Header
from earshot.embedded_broker import EmbeddedBroker
from earshot.embedding.bundles import newest_bundle
from earshot.embedding.embedder import Embedder
from earshot.embedding.errors import UnsupportedPrecision
from earshot.settings import ModelSettings
from earshot.streams.loop_metrics import LoopMetrics
from earshot.streams.policy import Policy
from earshot.streams.port import Stage
from earshot.streams.redis_streams import RedisStreams
from earshot.streams.worker import LoopOptions, Worker
from earshot.topics import AUDIO, EMBEDDINGS
from services.features import handler
from services.features.handler import Features

NUM_CHUNKS = 512
BATCH = 16
ROUNDS = 5


def measure() -> list[Row]:
    """Compares the whole service with its bare network and its log-mel, in turns."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        broker = EmbeddedBroker(folder / "broker")
        try:
            compact = _load(newest_bundle(ModelSettings().models_dir, "vggish-compact"))
            rows = _rows(broker, "vggish-compact", compact)
            return rows + _rows(broker, "a VGGish-sized network", _load(vggish_sized(folder)))
        finally:
            broker.stop()


def _load(bundle: Path) -> Embedder:
    try:
        return Embedder.load(bundle, "bf16")
    except UnsupportedPrecision:
        return Embedder.load(bundle, "f32")


def _now() -> np.ndarray:
    """Seconds of CPU of this process, and of the clock."""
    return np.array([time.process_time(), time.perf_counter()])


class Timed:
    """A function that adds up how long it took."""

    def __init__(self, function: Callable[[np.ndarray], np.ndarray]) -> None:
        self._function, self.taken_s = function, np.zeros(2)

    def __call__(self, argument: np.ndarray) -> np.ndarray:
        start = _now()
        result = self._function(argument)
        self.taken_s += _now() - start
        return result


class TimedEmbedder:
    """An embedder that adds up how long it took."""

    def __init__(self, embedder: Embedder) -> None:
        self.embed = Timed(embedder.embed)
        self.name_version, self.embedding_space = embedder.name_version, embedder.embedding_space


def _rows(broker: EmbeddedBroker, name: str, embedder: Embedder) -> list[Row]:
    rng = np.random.default_rng(1)
    pcm = rng.integers(-9_000, 9_000, (NUM_CHUNKS, 15_600)).astype(np.int16)
    mels = np.concatenate([patches(each) for each in pcm])
    beside_s, shares = [], []
    for index in range(1 + ROUNDS):
        bare_s = _bare_seconds(embedder, mels)
        whole_s, apart_s = _service_seconds(broker, pcm, embedder, index)
        beside_s.append(whole_s - apart_s)
        shares.append(bare_s / whole_s)
    # The first round is a warm-up.
    cpu_ms, clock_ms = np.median(beside_s[1:], axis=0) / NUM_CHUNKS * 1e3
    share = float(np.median(shares[1:], axis=0)[1])
    kind = f"{name} {embedder.precision}, batch {BATCH}"
    beside = f"features beside network and log-mel, {kind}"
    return [
        Row(f"{beside}: CPU", float(cpu_ms), "ms/patch", 0.2),
        Row(f"{beside}: clock, one reader waiting for the broker", float(clock_ms), "ms/patch"),
        Row(
            f"bare network's speed that the service reaches, {kind}",
            share,
            "×",
            0.85 if "sized" in name else None,
            at_most=False,
        ),
    ]


def _bare_seconds(embedder: Embedder, mels: np.ndarray) -> np.ndarray:
    start = _now()
    for first in range(0, NUM_CHUNKS, BATCH):
        embedder.embed(mels[first : first + BATCH])
    return _now() - start


def _service_seconds(
    broker: EmbeddedBroker, pcm: np.ndarray, embedder: Embedder, index: int
) -> tuple[np.ndarray, np.ndarray]:
    """Runs the service's loop over all chunks; seconds in all, and in network and log-mel."""
    policy = Policy(key_prefix=f"bench:{id(embedder)}:{index}", partitions=1)
    streams = RedisStreams(broker.url, policy)
    for sequence, samples in enumerate(pcm):
        flags = Flags.END_OF_SESSION if sequence == NUM_CHUNKS - 1 else Flags.NONE
        header = Header("bench", "s", sequence, sequence * 15_360, flags=flags)
        streams.append(AUDIO, encode_audio(AudioChunk(header, samples)))
    network, log_mel = TimedEmbedder(embedder), Timed(patches)
    stage = Stage(AUDIO, AUDIO.owner, EMBEDDINGS)
    metrics = LoopMetrics(CollectorRegistry())
    with patch.object(handler, "patches", log_mel):
        worker = Worker(streams, stage, Features(network), metrics, LoopOptions(BATCH))
        start = _now()
        worker.run_until_idle()
        whole_s = _now() - start
    streams.close()
    return whole_s, network.embed.taken_s + log_mel.taken_s

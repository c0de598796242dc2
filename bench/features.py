"""What the features service costs beside its network, over a real broker."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

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


def _rows(broker: EmbeddedBroker, name: str, embedder: Embedder) -> list[Row]:
    rng = np.random.default_rng(1)
    pcm = rng.integers(-9_000, 9_000, (NUM_CHUNKS, 15_600)).astype(np.int16)
    mels = np.concatenate([patches(each) for each in pcm])

    def network() -> None:
        for start in range(0, NUM_CHUNKS, BATCH):
            embedder.embed(mels[start : start + BATCH])

    def log_mel() -> None:
        for each in pcm:
            patches(each)

    network()
    times = [
        (_seconds(network), _seconds(log_mel), _service_seconds(broker, pcm, embedder, index))
        for index in range(ROUNDS)
    ]
    beside = statistics.median(s - n - m for n, m, s in times) / NUM_CHUNKS * 1e3
    share = statistics.median(n / s for n, _, s in times)
    kind = f"{name}, {embedder.precision}"
    bar = 0.85 if "sized" in name else None
    return [
        Row(f"features beside network and log-mel, {kind}, batch {BATCH}", beside, "ms/patch", 0.2),
        Row(f"bare network's share of the features service, {kind}", share, "×", bar, False),
    ]


def _service_seconds(
    broker: EmbeddedBroker, pcm: np.ndarray, embedder: Embedder, index: int
) -> float:
    policy = Policy(key_prefix=f"bench:{id(embedder)}:{index}", partitions=1)
    streams = RedisStreams(broker.url, policy)
    for sequence, samples in enumerate(pcm):
        flags = Flags.END_OF_SESSION if sequence == NUM_CHUNKS - 1 else Flags.NONE
        header = Header("bench", "s", sequence, sequence * 15_360, flags=flags)
        streams.append(AUDIO, encode_audio(AudioChunk(header, samples)))
    stage = Stage(AUDIO, AUDIO.owner, EMBEDDINGS)
    metrics = LoopMetrics(CollectorRegistry())
    worker = Worker(streams, stage, Features(embedder), metrics, LoopOptions(BATCH))
    taken_s = _seconds(worker.run_until_idle)
    streams.close()
    return taken_s


def _seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start

"""How much faster the shipped embedder is than a network of VGGish's size, one thread each."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.networks import vggish_sized
from bench.row import Row
from earshot.audio.params import PATCH_HOP_SAMPLES, SAMPLE_RATE_HZ
from earshot.embedding.bundles import newest_bundle
from earshot.embedding.embedder import Embedder
from earshot.embedding.errors import UnsupportedPrecision
from earshot.settings import ModelSettings

BATCH = 16
NUM_BATCHES = 8
ROUNDS = 5


def measure() -> list[Row]:
    """Compares them in turns, in each precision that this processor has."""
    compact = newest_bundle(ModelSettings().models_dir, "vggish-compact")
    mels = np.random.default_rng(1).normal(-3, 2, (BATCH, 96, 64)).astype(np.float32)
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        sized = vggish_sized(Path(folder))
        for precision in ("f32", "bf16"):
            try:
                pair = [Embedder.load(bundle, precision) for bundle in (compact, sized)]
            except UnsupportedPrecision:
                continue
            rows += _rows(precision, pair, mels)
    return rows


def _rows(precision: str, pair: list[Embedder], mels: np.ndarray) -> list[Row]:
    rounds = [[_seconds(embedder, mels) for embedder in pair] for _ in range(1 + ROUNDS)][1:]
    ratio = statistics.median(sized_s / compact_s for compact_s, sized_s in rounds)
    compact_s = statistics.median(compact_s for compact_s, _ in rounds)
    speed = NUM_BATCHES * BATCH * PATCH_HOP_SAMPLES / SAMPLE_RATE_HZ / compact_s
    what = f"vggish-compact {precision}, one thread, batch {BATCH}"
    return [
        Row(f"{what}: speed against a VGGish-sized network", ratio, "×", 6, at_most=False),
        Row(f"{what}", speed, "× real time", digits=0),
    ]


def _seconds(embedder: Embedder, mels: np.ndarray) -> float:
    start_s = time.perf_counter()
    for _ in range(NUM_BATCHES):
        embedder.embed(mels)
    return time.perf_counter() - start_s

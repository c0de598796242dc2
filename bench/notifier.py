"""Predictions per second through tracker and store: a notifier whose broker costs nothing.

All its loops run, in batches as large as a backlog makes them, from entries in memory to committed
transactions. `EARSHOT_BENCH_PREDICTIONS` makes them fewer.
"""

from __future__ import annotations

import os
import signal
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import chain
from secrets import token_hex

import numpy as np
from numpy.typing import NDArray
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from bench.databases import empty_databases
from bench.prepared_streams import PreparedStreams
from bench.row import Row
from earshot.audio.params import PATCH_HOP_SAMPLES, SAMPLE_RATE_HZ
from earshot.contracts.code import CODE_BYTES
from earshot.contracts.messages import Header, Prediction
from earshot.events.scores import Gathering
from earshot.events.taxonomy_file import load_taxonomy
from earshot.model_labels import ModelLabels
from earshot.store.engine import open_engine
from earshot.store.retention import FOR_A_YEAR, Retention
from earshot.streams.entry import Entry
from earshot.topics import PREDICTIONS
from services.notifier.metrics import NotifierMetrics
from services.notifier.notifier import Notifier
from services.notifier.settings import NotifierSettings

NUM_PREDICTIONS = 24_000
NUM_BACKGROUNDS = 499  # patches of little of everything, which devices share
FLEETS = (64, 2_000)  # devices: a backlog has many entries of each in a batch, live sound has one
NUM_RUNS = 3
EVENT_EVERY_PATCHES = 33  # 300 events of 10,000 predictions
BAR_PER_S = 5_000
MODEL, NUM_CLASSES = "earshot-default@1", 527
HOP_NS = 1_000_000_000 * PATCH_HOP_SAMPLES // SAMPLE_RATE_HZ


def measure() -> list[Row]:
    """Works off what devices have sent, one patch each time, on each database."""
    rows = []
    with empty_databases() as databases:
        for name, url in databases:
            engine = open_engine(url)
            rows += [row for num_devices in FLEETS for row in _fleet(engine, name, num_devices)]
            engine.dispose()
    return rows


def _fleet(engine: Engine, name: str, num_devices: int) -> list[Row]:
    what = f"through tracker and store, {NUM_CLASSES} classes, {num_devices:,} devices, {name}"
    per_s, cpu_us = _median_run(engine, num_devices, FOR_A_YEAR)
    bare_per_s, _ = _run(engine, num_devices, Retention(embeddings_s=0))
    return [
        Row(f"predictions {what}", per_s, "/s", BAR_PER_S, at_most=False, digits=0),
        Row(f"CPU per prediction {what}", cpu_us, "µs", digits=0),
        Row(f"predictions {what}, no embeddings kept", bare_per_s, "/s", digits=0),
    ]


def _median_run(engine: Engine, num_devices: int, retention: Retention) -> tuple[float, float]:
    """Returns predictions per second, and CPU per prediction in microseconds."""
    runs = [_run(engine, num_devices, retention) for _ in range(NUM_RUNS)]
    per_s, cpu_us = (statistics.median(values) for values in zip(*runs, strict=True))
    return per_s, cpu_us


def _run(engine: Engine, num_devices: int, retention: Retention) -> tuple[float, float]:
    settings = NotifierSettings()
    taxonomy, labels = load_taxonomy(settings.taxonomy_file), ModelLabels(settings.models_dir)
    gathering = labels.gathering(taxonomy, MODEL, NUM_CLASSES)
    entries = _entries(num_devices, gathering)
    streams = PreparedStreams(settings.partitions, entries, lambda: notifier.stop.set())
    notifier = Notifier(
        streams,
        engine,
        taxonomy,
        labels.gathering,
        NotifierMetrics(CollectorRegistry()),
        retention=retention,
    )
    began_cpu_s = time.process_time()
    with _signals_kept():
        if not notifier.run():
            raise RuntimeError("a loop of the notifier failed")
    cpu_s = time.process_time() - began_cpu_s
    return len(entries) / streams.taken_s, 1e6 * cpu_s / len(entries)


@contextmanager
def _signals_kept() -> Iterator[None]:
    """A notifier takes the signals of its process, which is ours."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _entries(num_devices: int, gathering: Gathering) -> list[Entry]:
    """What the devices send, in turn, in sessions of their own."""
    num_predictions = int(os.environ.get("EARSHOT_BENCH_PREDICTIONS", NUM_PREDICTIONS))
    num_patches = -(-num_predictions // num_devices)
    session_id, born_ns = token_hex(8), time.time_ns()
    devices = [
        _device(number, session_id, _scores(number, num_patches, gathering), born_ns)
        for number in range(num_devices)
    ]
    return list(chain.from_iterable(zip(*devices, strict=True)))


def _device(number: int, session_id: str, scores: NDArray[np.float16], born_ns: int) -> list[Entry]:
    codes = np.random.default_rng(number).integers(0, 256, (len(scores), CODE_BYTES), np.uint8)
    levels = np.full(len(scores), -40, np.float32)
    entries = []
    for patch in range(len(scores)):
        now = slice(patch, patch + 1)
        first_sample, at_ns = patch * PATCH_HOP_SAMPLES, born_ns + patch * HOP_NS
        header = Header(f"device-{number}", session_id, patch, first_sample, at_ns)
        prediction = Prediction(
            header, MODEL, scores[now], scores[now], codes[now], levels[now], "vggish-compact@1"
        )
        entries.append(PREDICTIONS.encode(prediction))
    return entries


def _scores(number: int, num_patches: int, gathering: Gathering) -> NDArray[np.float16]:
    """float16 (num_patches, num_classes): little of everything, a scene, at times a label."""
    random, labels, scenes = np.random.default_rng(number), gathering.labels, gathering.scenes
    scores = _backgrounds(labels.num_classes)[(number + np.arange(num_patches)) % NUM_BACKGROUNDS]
    if len(scenes.first_member):
        first = scenes.first_member[number % len(scenes.first_member)]
        scores[:, scenes.class_indices[first]] = 0.15
    first_event = number % EVENT_EVERY_PATCHES
    for block, begin in enumerate(range(first_event, num_patches, EVENT_EVERY_PATCHES)):
        first = labels.first_member[(number + block) % len(labels.first_member)]
        scores[begin : begin + random.integers(3, 7), labels.class_indices[first]] = 0.75
    return scores


@cache
def _backgrounds(num_classes: int) -> NDArray[np.float16]:
    random = np.random.default_rng(0)
    scores = np.minimum(random.exponential(0.01, (NUM_BACKGROUNDS, num_classes)), 0.15)
    return scores.astype(np.float16)

"""How long a page of events takes with three filters, among a million, on both databases.

The api answers in this process: routing, query, JSON; no socket. `EARSHOT_BENCH_EVENTS` makes the
table smaller.
"""

from __future__ import annotations

import asyncio
import os
import random
import statistics
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, insert, text

from bench.databases import empty_databases
from bench.row import Row
from earshot.events.cloud_event import utc_text
from earshot.events.event import event_id
from earshot.store.engine import open_engine, writing
from earshot.store.migrate import migrate
from earshot.store.tables import devices, events
from services.api.app import create_app

NUM_EVENTS = 1_000_000
NUM_DEVICES = 200
NUM_REQUESTS = 300
BAR_MS = 30.0
CHUNK = 20_000
SECOND_NS = 1_000_000_000
FIRST_NS = 1_777_593_600 * SECOND_NS
SPAN_NS = 100 * 86_400 * SECOND_NS

LABELS = tuple(f"Label {i}" for i in range(24))
CATEGORIES = ("safety", "impact", "human", "animal", "music", "mechanical")
PRIORITIES = ("critical", "high", "normal", "low")


def measure() -> list[Row]:
    """Returns the times of a page, filtered and not, on each database."""
    with empty_databases() as databases:
        return [row for name, url in databases for row in _measured(name, url)]


def _measured(name: str, url: str) -> list[Row]:
    num_events = int(os.environ.get("EARSHOT_BENCH_EVENTS", NUM_EVENTS))
    engine = open_engine(url)
    fill(engine, num_events)
    draw = random.Random(7)
    plain = asyncio.run(_times_ms(engine, [{} for _ in range(NUM_REQUESTS // 3)]))
    asked = [_three_filters(draw) for _ in range(NUM_REQUESTS)]
    filtered = asyncio.run(_times_ms(engine, asked))
    engine.dispose()
    what = f"`GET /v1/events` with three filters, {num_events:,} events, {name}"
    return [
        Row(f"{what}, p95", _p95(filtered), "ms", BAR_MS, digits=1),
        Row(f"{what}, median", statistics.median(filtered), "ms", digits=1),
        Row(f"{what}, slowest", max(filtered), "ms", digits=1),
        Row(f"{what}, p95 against no filter", _p95(filtered) / _p95(plain), "×"),
    ]


def _three_filters(draw: random.Random) -> dict[str, Any]:
    """Three of the filters of the page, and of those that go with any."""
    start_ns = FIRST_NS + draw.randrange(SPAN_NS)
    choices: dict[str, Any] = {
        "device": f"device-{_skewed(draw, NUM_DEVICES)}",
        "label": LABELS[_skewed(draw, len(LABELS))],
        "site": f"site-{draw.randrange(20)}",
        "category": draw.choice(CATEGORIES),
        "priority": draw.choice(PRIORITIES),
        "from": utc_text(start_ns),
        "to": utc_text(start_ns),
        "min_score": draw.choice((0.3, 0.6, 0.9)),
        "state": draw.choice(("started", "ended")),
        "text": draw.choice(("label 7", "device-3", "site-1", "nothing")),
    }
    names = draw.sample(sorted(choices), 3)
    if {"from", "to"} <= set(names):
        choices["to"] = utc_text(start_ns + 86_400 * SECOND_NS)
    return {name: choices[name] for name in names}


async def _times_ms(engine: Engine, asked: list[dict[str, Any]]) -> list[float]:
    transport = httpx.ASGITransport(create_app(engine, CollectorRegistry()))
    client = httpx.AsyncClient(transport=transport, base_url="http://bench")
    times = []
    for query in asked:
        started_s = time.perf_counter()
        answer = await client.get(f"/v1/events?{urlencode(query)}")
        times.append((time.perf_counter() - started_s) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{query}: {answer.text}")
    return times


def _p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def fill(engine: Engine, num_events: int) -> None:
    """Makes the tables, and puts that many events of many devices into them."""
    migrate(engine)
    rows = _rows(num_events)
    with writing(engine) as connection:
        connection.execute(insert(devices), [_device(i) for i in range(NUM_DEVICES)])
    while chunk := [row for _, row in zip(range(CHUNK), rows, strict=False)]:
        with writing(engine) as connection:
            connection.execute(insert(events), chunk)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))  # as the server does by itself, later


def _device(i: int) -> dict[str, Any]:
    nothing = {"tags": [], "policy": {}, "first_seen_at_ns": 0, "last_heard_at_ns": 0}
    return {"id": f"device-{i}", "site": f"site-{i % 20}", **nothing}


def _rows(num_events: int) -> Iterator[dict[str, Any]]:
    """Some devices and labels are much more frequent than others, as they are."""
    draw = random.Random(3)
    for i in range(num_events):
        device, label = _skewed(draw, NUM_DEVICES), _skewed(draw, len(LABELS))
        onset_at_ns = FIRST_NS + SPAN_NS * i // num_events
        is_open = i > num_events - 100
        yield {
            "event_id": event_id(f"device-{device}", "bench", LABELS[label], i),
            "revision": 2,
            "state": "started" if is_open else "ended",
            "device_id": f"device-{device}",
            "session_id": "bench",
            "site": f"site-{device % 20}",
            "label": LABELS[label],
            "category": CATEGORIES[label % len(CATEGORIES)],
            "priority": PRIORITIES[label % len(PRIORITIES)],
            "onset_sample": i,
            "offset_sample": i + 48_000,
            "onset_at_ns": onset_at_ns,
            "offset_at_ns": onset_at_ns + 3 * SECOND_NS,
            "peak_score": draw.random(),
            "mean_score": 0.3,
            "level_dbfs": -30.0,
            "scene": "",
            "suppressed_by": "ab" * 16 if draw.random() < 0.1 else "",
            "models": ["vggish-compact@1", "earshot-default@1"],
            "taxonomy_hash": "0123456789abcdef",
            "granularity": "segment",
            "origin": "model",
        }


def _skewed(draw: random.Random, count: int) -> int:
    return int(count * draw.random() ** 2)

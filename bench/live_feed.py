"""How soon after its commit a revision is with a hundred clients of the live feed.

The bench commits and relays as a notifier does, with its own code; broker and api are processes.
The clients share one thread of the bench, so their own time is part of what is measured.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from prometheus_client import CollectorRegistry

from bench.api_process import running_api
from bench.feed_clients import FeedClients
from bench.row import Row
from bench.system import wait_until
from earshot.embedded_broker import EmbeddedBroker
from earshot.events.event import EventState, SoundEvent, event_id
from earshot.store.engine import open_engine
from earshot.store.ledger import Ledger
from earshot.store.migrate import migrate
from earshot.store.progress import NO_SEQUENCE, Progress, Step
from earshot.streams.policy import Policy
from earshot.streams.redis_streams import RedisStreams
from services.notifier.metrics import NotifierMetrics
from services.notifier.relay import Relay

NUM_CLIENTS = 100
NUM_REVISIONS = 400
EVERY_S = 0.05
BAR_MS = 500
SECOND_NS = 1_000_000_000


def measure() -> list[Row]:
    """Commits twenty revisions a second while a hundred clients follow."""
    with tempfile.TemporaryDirectory() as name, _serving(Path(name)) as (url, ledger, relay):
        clients = FeedClients(url, NUM_CLIENTS)
        wait_until(lambda: clients.num_following == NUM_CLIENTS, "all clients follow")
        committed_at_s = _write(ledger, relay)
        wanted = NUM_CLIENTS * len(committed_at_s)
        wait_until(lambda: len(clients.received) >= wanted, "all is received")
        clients.close()
    delays_ms = [(at_s - committed_at_s[each]) * 1e3 for each, at_s in clients.received]
    what = f"live feed, {NUM_CLIENTS} clients, {1 / EVERY_S:g} revisions/s, commit to receipt"
    return [
        Row(f"{what}, p95", statistics.quantiles(delays_ms, n=20)[-1], "ms", BAR_MS, digits=1),
        Row(f"{what}, median", statistics.median(delays_ms), "ms", digits=1),
        Row(f"{what}, slowest", max(delays_ms), "ms", digits=1),
    ]


@contextmanager
def _serving(folder: Path) -> Iterator[tuple[str, Ledger, Relay]]:
    """Gives the feed's URL, and what a notifier writes with."""
    database_url, broker = f"sqlite:///{folder / 'earshot.db'}", EmbeddedBroker(folder / "broker")
    engine, streams = open_engine(database_url), RedisStreams(broker.url, Policy())
    migrate(engine)
    try:
        with running_api(database_url, broker.url) as url:
            ledger = Ledger(engine, 0)
            relay = Relay(streams, ledger, NotifierMetrics(CollectorRegistry()))
            relay.start()
            yield f"{url}/v1/stream", ledger, relay
    finally:
        streams.close()
        broker.stop()
        engine.dispose()


def _write(ledger: Ledger, relay: Relay) -> dict[str, float]:
    """Commits and relays; returns when each revision was committed."""
    committed_at_s = {}
    started_s = time.monotonic()
    for number in range(NUM_REVISIONS):
        time.sleep(max(0.0, started_s + number * EVERY_S - time.monotonic()))
        event = _event(number)
        previous = number - 1 if number else NO_SEQUENCE
        step = Step((event.device_id, event.session_id), previous, Progress(number, {}), 0)
        ledger.commit([step], [event])
        committed_at_s[event.revision_id] = time.monotonic()
        relay.catch_up()
    return committed_at_s


def _event(number: int) -> SoundEvent:
    onset_at_ns = time.time_ns()
    return SoundEvent(
        event_id=event_id("bench", "bench", "Siren", number),
        revision=1,
        state=EventState.ENDED,
        device_id="bench",
        session_id="bench",
        site="",
        label="Siren",
        category="safety",
        priority="high",
        onset_sample=number,
        offset_sample=number + 48_000,
        onset_at_ns=onset_at_ns,
        offset_at_ns=onset_at_ns + 3 * SECOND_NS,
        peak_score=0.9,
        mean_score=0.7,
        level_dbfs=-30.0,
        models=("vggish-compact@1", "earshot-default@1"),
        taxonomy_hash="0123456789abcdef",
    )

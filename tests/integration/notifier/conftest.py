"""A notifier on streams in memory and a database file, and a look at what it has done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, select, update

from earshot.contracts.messages import Prediction
from earshot.embedded_broker import EmbeddedBroker
from earshot.events.taxonomy import Taxonomy
from earshot.model_labels import ModelLabels
from earshot.store.engine import open_engine, reading, writing
from earshot.store.migrate import migrate
from earshot.store.retention import FOR_A_YEAR, Retention
from earshot.store.tables import leases, revisions, sessions
from earshot.streams.memory_streams import MemoryStreams
from earshot.streams.policy import Policy
from earshot.streams.port import Streams
from earshot.streams.redis_streams import RedisStreams
from earshot.topics import EVENTS, PREDICTIONS
from services.notifier.metrics import NotifierMetrics
from services.notifier.notifier import Notifier
from tests.integration.notifier.feeding import load_toy_taxonomy, write_models
from tests.integration.notifier.service import SHORT_LEASE_S, Service
from tests.integration.notifier.watching import *  # noqa: F403
from tests.integration.store.databases import *  # noqa: F403

LONG_S = 3600.0  # no lease ends within a test


@dataclass
class Bench:
    """Everything around a notifier; `notifier()` is a new process as far as it can tell."""

    streams: MemoryStreams
    engine: Engine
    taxonomy: Taxonomy
    models_dir: Path
    registry: CollectorRegistry
    accepts_unknown: bool = True
    retention: Retention = FOR_A_YEAR

    def notifier(self) -> Notifier:
        """A new process; those before it are gone."""
        self.free_leases()
        self.registry = CollectorRegistry()
        return self.make_notifier(self.streams, self.engine, NotifierMetrics(self.registry))

    def make_notifier(
        self, streams: Streams, engine: Engine, metrics: NotifierMetrics, lease_s: float = LONG_S
    ) -> Notifier:
        gathering_for = ModelLabels(self.models_dir).gathering
        return Notifier(
            streams,
            engine,
            self.taxonomy,
            gathering_for,
            metrics,
            lease_s,
            accepts_unknown=self.accepts_unknown,
            retention=self.retention,
        )

    def free_leases(self) -> None:
        """As if whoever holds one had been dead for longer than it lasts."""
        with writing(self.engine) as connection:
            connection.execute(update(leases).values(holder=""))

    def play(self, played: Sequence[Prediction]) -> None:
        """Puts predictions into the stream as they are, holes and repeats included."""
        for message in played:
            self.streams.log(PREDICTIONS, 0).add(PREDICTIONS.encode(message), 0.0)

    def committed(self) -> list[str]:
        """Bodies of all revisions; their positions are 1, 2, 3 …"""
        statement = select(revisions.c.position, revisions.c.body).order_by(revisions.c.position)
        with reading(self.engine) as connection:
            rows = connection.execute(statement).all()
        assert [row.position for row in rows] == list(range(1, len(rows) + 1))
        return [row.body for row in rows]

    def sent(self) -> list[str]:
        """Bodies on the events stream, in order."""
        return [entry.body.decode() for _, entry in self.streams.log(EVENTS, 0).entries.values()]

    def last_sequence(self) -> int:
        with reading(self.engine) as connection:
            return connection.execute(select(sessions.c.last_sequence)).scalar_one()

    def pending(self) -> int:
        return len(self.streams.log(PREDICTIONS, 0).groups[PREDICTIONS.owner].pending)

    def count(self, name: str, **labels: str) -> float:
        """A counter of the newest notifier."""
        return self.registry.get_sample_value(f"earshot_{name}_total", labels) or 0.0


@pytest.fixture
def taxonomy(tmp_path: Path) -> Taxonomy:
    return load_toy_taxonomy(tmp_path)


@pytest.fixture
def models_dir(tmp_path: Path) -> Path:
    return write_models(tmp_path)


@pytest.fixture
def make_bench(taxonomy: Taxonomy, models_dir: Path) -> Iterator[Callable[[str], Bench]]:
    """Makes a bench on a database of that URL."""
    benches: list[Bench] = []

    def make(database_url: str) -> Bench:
        engine = open_engine(database_url)
        migrate(engine)
        streams = MemoryStreams(Policy(partitions=1))
        benches.append(Bench(streams, engine, taxonomy, models_dir, CollectorRegistry()))
        return benches[-1]

    yield make
    for bench in benches:
        bench.engine.dispose()


@pytest.fixture
def bench(make_bench: Callable[[str], Bench], tmp_path: Path) -> Bench:
    """A bench on SQLite."""
    return make_bench(f"sqlite:///{tmp_path / 'earshot.db'}")


@pytest.fixture
def start(models_dir: Path, tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Starts a notifier's process on a broker and a database, and perhaps with a lease's length."""
    del models_dir  # where the process finds it
    services: list[Service] = []

    def started(
        broker: EmbeddedBroker, database_url: str, lease_s: float = SHORT_LEASE_S
    ) -> Service:
        policy = Policy(key_prefix=f"test:{tmp_path.name}", partitions=1)
        streams = RedisStreams(broker.url, policy)
        services.append(Service(streams, broker.url, database_url, tmp_path, lease_s))
        return services[-1]

    yield started
    for service in services:
        service.close()

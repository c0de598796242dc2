"""A notifier that goes by a clock that only the test moves; the fixtures are the conftest's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from earshot.contracts.messages import Prediction
from earshot.events.event import SoundEvent
from earshot.model_labels import ModelLabels
from earshot.store.event_queries import list_events
from earshot.store.filter import EventFilter
from earshot.streams.port import Streams
from earshot.streams.redis_streams import RedisStreams
from earshot.topics import EVENTS, PREDICTIONS
from services.notifier.metrics import NotifierMetrics
from services.notifier.notifier import Notifier
from tests.integration.notifier.feeding import prediction

if TYPE_CHECKING:
    from tests.integration.notifier.conftest import Bench

__all__ = ["real_watch", "watch"]

LOUD, QUIET = (0.75, 0.0, 0.0), (0.0, 0.0, 0.0)
CLOSE_AFTER_S = 60.0
LONG_S = 3600.0  # no lease ends within a test


@dataclass
class Clock:
    now_s: float = 1000.0

    def __call__(self) -> float:
        return self.now_s


@dataclass
class Watch:
    """A bench whose notifiers go by a clock that only the test moves."""

    bench: Bench
    streams: Streams
    clock: Clock = field(default_factory=Clock)
    registry: CollectorRegistry = field(default_factory=CollectorRegistry)

    def notifier(self, streams: Any = None, engine: Engine | None = None) -> Notifier:
        """A new process; those before it are gone."""
        self.bench.free_leases()
        self.registry = CollectorRegistry()
        return Notifier(
            streams or self.streams,
            engine or self.bench.engine,
            self.bench.taxonomy,
            ModelLabels(self.bench.models_dir).gathering,
            NotifierMetrics(self.registry),
            LONG_S,
            close_after_s=CLOSE_AFTER_S,
            clock=self.clock,
        )

    def play(self, *played: Prediction) -> None:
        for message in played:
            self.streams.append(PREDICTIONS, PREDICTIONS.encode(message))

    def wait(self, notifier: Notifier, *, seconds: float) -> None:
        """Lets so much time pass, and the notifier look."""
        self.clock.now_s += seconds
        while notifier.step():
            pass

    def events(self) -> list[SoundEvent]:
        """The first one first."""
        return list(list_events(self.bench.engine, EventFilter(), 1000).events)[::-1]

    def sent(self) -> list[str]:
        tail = self.streams.tail(EVENTS, 0)
        found = tail.read_after(tail.extent().removed, 1000, 0)
        return [delivery.entry.body.decode() for delivery in found if delivery.entry]

    def num_closed(self) -> float | None:
        return self.registry.get_sample_value("earshot_sessions_closed_total")


@pytest.fixture
def watch(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """In memory and on SQLite."""
    look_in_every_round(monkeypatch)
    return Watch(bench, bench.streams)


@pytest.fixture
def real_watch(
    make_bench: Callable[[str], Bench],
    database_url: str,
    redis_streams: RedisStreams,
    monkeypatch: pytest.MonkeyPatch,
) -> Watch:
    """On a real broker, and on both databases."""
    look_in_every_round(monkeypatch)
    return Watch(make_bench(database_url), redis_streams)


def look_in_every_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.notifier.loop.TEND_EVERY_S", 0.0)


def loud(*sequences: int, device: str = "kitchen", **fields: Any) -> list[Prediction]:
    return [prediction(number, number, [LOUD], device, **fields) for number in sequences]

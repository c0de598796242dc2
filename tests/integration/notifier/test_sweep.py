"""Old rows go while a notifier works; what it sends goes on as if they were there."""

from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, func, select

from earshot.store import old_rows
from earshot.store.engine import open_engine, reading
from earshot.store.event_queries import list_events
from earshot.store.filter import EventFilter
from earshot.store.retention import Retention
from earshot.store.tables import embeddings, revisions
from earshot.streams.memory_streams import MemoryStreams
from earshot.streams.policy import Policy
from services.notifier.metrics import NotifierMetrics
from services.notifier.sweep import SWEEP_EVERY_S, Sweep
from tests.integration.notifier.conftest import Bench
from tests.integration.notifier.feeding import barks, expected_bodies

AT_ONCE = Retention(events_s=1, embeddings_s=1)


@pytest.fixture
def sweeping(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Sweeps with every step, as if that much time had passed."""
    bench.retention = AT_ONCE
    monkeypatch.setattr("services.notifier.loop.TEND_EVERY_S", 0)
    monkeypatch.setattr("services.notifier.sweep.SWEEP_EVERY_S", 0)
    return bench


def count(engine: Engine, column: object) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count(column))).scalar_one()  # type: ignore[call-overload]


def test_a_working_notifier_deletes_what_is_too_old_and_counts_it(sweeping: Bench) -> None:
    played = barks(20)
    sweeping.play(played)
    notifier = sweeping.notifier()
    notifier.run_until_idle()

    for _ in range(10):
        notifier.step()

    assert list_events(sweeping.engine, EventFilter()).events == ()
    assert count(sweeping.engine, revisions.c.position) == 0
    assert count(sweeping.engine, embeddings.c.device_id) == 0
    assert sweeping.sent() == expected_bodies(played, sweeping.taxonomy)
    assert sweeping.count("rows_swept", table="events") == 10
    assert sweeping.count("rows_swept", table="revisions") == 20
    assert sweeping.count("rows_swept", table="embeddings") == 1


def test_a_broker_that_forgot_is_filled_with_what_is_left(sweeping: Bench) -> None:
    played = barks(40)
    sweeping.play(played[:20])
    notifier = sweeping.notifier()
    notifier.run_until_idle()
    for _ in range(10):
        notifier.step()
    sweeping.streams = MemoryStreams(Policy(partitions=1))
    sweeping.retention = Retention()
    sweeping.play(played[20:])

    sweeping.notifier().run_until_idle()

    assert sweeping.sent() == expected_bodies(played, sweeping.taxonomy)[20:]


class Clock:
    """Seconds that pass when told to."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_each_call_does_one_short_transaction_and_none_before_its_time(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_rows, "MAX_EVENTS", 4)
    bench.play(barks(24))
    bench.notifier().run_until_idle()
    clock, registry = Clock(), CollectorRegistry()
    sweep = Sweep(bench.engine, 0, AT_ONCE, NotifierMetrics(registry), clock)

    def swept(table: str) -> float:
        return registry.get_sample_value("earshot_rows_swept_total", {"table": table}) or 0.0

    clock.now_s = SWEEP_EVERY_S - 1
    sweep.tend(relayed_position=100)
    assert swept("events") == 0
    clock.now_s += 1
    counts = []
    for _ in range(6):
        sweep.tend(relayed_position=100)
        counts.append((swept("events"), swept("embeddings")))
    assert counts == [(4, 0), (8, 0), (12, 0), (12, 0), (12, 0), (12, 1)]


def test_a_database_that_is_away_costs_nothing_but_the_sweep(bench: Bench) -> None:
    clock, registry = Clock(), CollectorRegistry()
    away = open_engine(f"sqlite:///{bench.models_dir / 'no' / 'such.db'}")
    sweep = Sweep(away, 0, AT_ONCE, NotifierMetrics(registry), clock)
    clock.now_s = SWEEP_EVERY_S

    sweep.tend(relayed_position=0)

    away.dispose()

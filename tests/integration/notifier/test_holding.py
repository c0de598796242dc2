"""What a notifier does with leases, in one process: streams in memory, a real database."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import select

from earshot.events.scores import Gathering
from earshot.events.taxonomy import Taxonomy
from earshot.model_labels import ModelLabels
from earshot.store.engine import reading
from earshot.store.errors import LeaseLost
from earshot.store.lease import Lease
from earshot.store.tables import leases
from earshot.topics import PREDICTIONS
from services.notifier.holding import Holding
from services.notifier.lease_keeper import LeaseKeeper
from services.notifier.metrics import NotifierMetrics
from services.notifier.notifier import Notifier
from tests.integration.notifier.conftest import LONG_S, Bench
from tests.integration.notifier.feeding import barks, expected_bodies

SHORT_S = 0.5


def held(metrics: CollectorRegistry) -> float | None:
    return metrics.get_sample_value("earshot_notifier_lease", {"partition": "0"})


def takeovers(metrics: CollectorRegistry) -> float | None:
    return metrics.get_sample_value("earshot_notifier_takeovers_total", {"partition": "0"})


def test_a_batch_in_hand_is_not_stored_when_the_lease_is_taken_over_meanwhile(
    make_bench: Callable[[str], Bench], database_url: str
) -> None:
    bench = make_bench(database_url)
    played = barks(6)
    bench.play(played)
    other = bench.notifier()
    gathering_for = ModelLabels(bench.models_dir).gathering

    def gathering_late(taxonomy: Taxonomy, model: str, num_classes: int) -> Gathering:
        if bench.pending():  # first time
            bench.free_leases()
            other.run_until_idle()
        return gathering_for(taxonomy, model, num_classes)

    metrics = NotifierMetrics(CollectorRegistry())
    late = Notifier(bench.streams, bench.engine, bench.taxonomy, gathering_late, metrics, LONG_S)

    with pytest.raises(LeaseLost, match="epoch 1 is lost"):
        late.run_until_idle()

    assert bench.committed() == bench.sent() == expected_bodies(played, bench.taxonomy)
    assert bench.pending() == 0


def test_entries_that_somebody_read_without_the_lease_are_taken_from_him(bench: Bench) -> None:
    played = barks(6)
    bench.play(played[:4])
    notifier = bench.notifier()
    notifier.run_until_idle()
    bench.play(played[4:])
    group = bench.streams.log(PREDICTIONS, 0).groups[PREDICTIONS.owner]
    long_ago_s = time.monotonic() - LONG_S
    group.pending, group.delivered = {5: long_ago_s, 6: long_ago_s}, 6

    deadline_s = time.monotonic() + 10
    while bench.pending():  # nothing more arrives that would show the hole
        assert time.monotonic() < deadline_s
        notifier.step()
        time.sleep(0.01)

    assert bench.committed() == bench.sent() == expected_bodies(played, bench.taxonomy)


def test_taking_over_is_counted_and_holding_is_shown(bench: Bench) -> None:
    bench.notifier().run_until_idle()
    assert held(bench.registry) == 1
    assert takeovers(bench.registry) == 0
    registry = CollectorRegistry()
    standby = bench.make_notifier(bench.streams, bench.engine, NotifierMetrics(registry), SHORT_S)
    assert held(registry) == 0

    standby.run_until_idle()

    assert held(registry) == 1
    assert takeovers(registry) == 1


def test_a_lease_is_shown_as_lost_and_as_given_back(bench: Bench) -> None:
    registry = CollectorRegistry()
    one, other = (Lease(bench.engine, 0, name, LONG_S) for name in ("one", "other"))
    holding = Holding(one, 0, NotifierMetrics(registry), Event())
    assert holding.wait()
    holding.check()

    holding.give_back()
    assert held(registry) == 0
    assert other.try_acquire()
    assert other.release()

    assert holding.wait()
    assert held(registry) == 1
    holding.lost(LeaseLost("somebody has it"))
    assert held(registry) == 0
    with pytest.raises(LeaseLost):
        holding.check()


def test_standing_by_ends_with_the_process(bench: Bench) -> None:
    Lease(bench.engine, 0, "other", LONG_S).try_acquire()
    stop = Event()
    lease = Lease(bench.engine, 0, "one", LONG_S)
    holding = Holding(lease, 0, NotifierMetrics(CollectorRegistry()), stop)

    stop.set()

    assert not holding.wait()


def test_a_lease_that_is_kept_outlasts_its_length(bench: Bench) -> None:
    lease = Lease(bench.engine, 0, "one", SHORT_S)
    lease.try_acquire()
    deadline_s = time.monotonic() + 40 * SHORT_S

    with LeaseKeeper([lease]):
        while beat(bench) < 8 or not lease.is_held:
            assert time.monotonic() < deadline_s
            time.sleep(0.01)

    assert lease.fence().epoch == 1


def beat(bench: Bench) -> int:
    with reading(bench.engine) as connection:
        return int(connection.execute(select(leases.c.beat)).scalar_one())

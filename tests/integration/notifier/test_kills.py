"""The real process on a real broker, killed again and again; then its broker and its database."""

from __future__ import annotations

import random
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from earshot.contracts.messages import Prediction
from earshot.embedded_broker import EmbeddedBroker
from earshot.events import cloud_event
from earshot.events.taxonomy import Taxonomy
from earshot.streams.policy import Policy
from earshot.streams.redis_streams import RedisStreams
from tests.integration.notifier.feeding import expected_bodies, soundscape
from tests.integration.notifier.service import DEADLINE_S, Service
from tests.integration.store.postgres import PostgresServer

PLAYED = soundscape(seed=6, num_devices=4, num_entries=75)


@pytest.fixture
def start(models_dir: Path, tmp_path: Path) -> Iterator[Callable[[EmbeddedBroker, str], Service]]:
    """Starts a notifier on a broker and a database."""
    del models_dir  # where the process finds it
    services: list[Service] = []

    def started(broker: EmbeddedBroker, database_url: str) -> Service:
        policy = Policy(key_prefix=f"test:{tmp_path.name}", partitions=1)
        streams = RedisStreams(broker.url, policy)
        services.append(Service(streams, broker.url, database_url, tmp_path))
        return services[-1]

    yield started
    for service in services:
        service.close()


def check_done(service: Service, played: list[Prediction], taxonomy: Taxonomy) -> None:
    expected = expected_bodies(played, taxonomy)
    service.wait_until(lambda: len(service.sent()) >= len(expected), "everything sent")
    service.wait_until(service.is_done, "everything acknowledged")
    assert service.sent() == expected
    assert service.committed() == expected


def by_device(bodies: list[str]) -> dict[str, list[str]]:
    found = defaultdict(list)
    for body in bodies:
        found[cloud_event.decode(body).device_id].append(body)
    return found


def test_kills_leave_no_trace(
    start: Callable[[EmbeddedBroker, str], Service],
    broker: EmbeddedBroker,
    database_url: str,
    taxonomy: Taxonomy,
) -> None:
    service, chance = start(broker, database_url), random.Random(6)
    for first in range(0, len(PLAYED), 50):
        service.wait_for_events_of(PLAYED[first : first + 50])
        time.sleep(chance.uniform(0.0, 0.02))  # anywhere in what follows
        service.restart()

    check_done(service, PLAYED, taxonomy)


def test_a_second_notifier_does_no_harm(
    start: Callable[[EmbeddedBroker, str], Service],
    broker: EmbeddedBroker,
    tmp_path: Path,
    taxonomy: Taxonomy,
) -> None:
    database_url = f"sqlite:///{tmp_path / 'earshot.db'}"
    service, second = (start(broker, database_url) for _ in range(2))
    for first in range(0, len(PLAYED), 10):
        service.wait_for_events_of(PLAYED[first : first + 10])

    # The two share what is new, so devices overtake each other; no device's events do.
    expected = expected_bodies(PLAYED, taxonomy)
    service.wait_until(lambda: len(service.sent()) >= len(expected), "everything sent")
    service.wait_until(service.is_done, "everything acknowledged")
    assert by_device(service.sent()) == by_device(expected)
    assert service.committed() == service.sent()
    assert second.process.poll() is None


def test_it_stops_when_told(
    start: Callable[[EmbeddedBroker, str], Service],
    broker: EmbeddedBroker,
    tmp_path: Path,
    taxonomy: Taxonomy,
) -> None:
    service = start(broker, f"sqlite:///{tmp_path / 'earshot.db'}")
    service.play(PLAYED[:20])
    check_done(service, PLAYED[:20], taxonomy)

    service.process.send_signal(signal.SIGTERM)

    assert service.process.wait(timeout=DEADLINE_S) == 0


def test_a_broker_killed_in_between_costs_only_time(
    start: Callable[[EmbeddedBroker, str], Service],
    own_broker: EmbeddedBroker,
    tmp_path: Path,
    taxonomy: Taxonomy,
) -> None:
    service = start(own_broker, f"sqlite:///{tmp_path / 'earshot.db'}")
    for first in range(0, len(PLAYED), 100):
        service.wait_for_events_of(PLAYED[first : first + 100])
        own_broker.kill()
        assert own_broker.start()

    check_done(service, PLAYED, taxonomy)
    assert service.process.poll() is None


def test_a_database_killed_in_between_costs_only_time(
    start: Callable[[EmbeddedBroker, str], Service], broker: EmbeddedBroker, taxonomy: Taxonomy
) -> None:
    server = PostgresServer()
    try:
        service = start(broker, server.new_database())
        for first in range(0, len(PLAYED), 100):
            service.wait_for_events_of(PLAYED[first : first + 100])
            server.stop()
            server.start()

        check_done(service, PLAYED, taxonomy)
        assert service.process.poll() is None
    finally:
        server.remove()

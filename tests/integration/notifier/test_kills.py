"""The real process on a real broker, killed again and again; then its broker and its database."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

from earshot.embedded_broker import EmbeddedBroker
from earshot.events.taxonomy import Taxonomy
from tests.integration.notifier.feeding import soundscape
from tests.integration.notifier.service import DEADLINE_S, Service
from tests.integration.store.postgres import PostgresServer

PLAYED = soundscape(seed=6, num_devices=4, num_entries=75)


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

    service.check_done(PLAYED, taxonomy)


def test_it_stops_when_told(
    start: Callable[[EmbeddedBroker, str], Service],
    broker: EmbeddedBroker,
    tmp_path: Path,
    taxonomy: Taxonomy,
) -> None:
    service = start(broker, f"sqlite:///{tmp_path / 'earshot.db'}")
    service.play(PLAYED[:20])
    service.check_done(PLAYED[:20], taxonomy)

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

    service.check_done(PLAYED, taxonomy)
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

        service.check_done(PLAYED, taxonomy)
        assert service.process.poll() is None
    finally:
        server.remove()

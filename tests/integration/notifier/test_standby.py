"""Two real processes, one partition: one works, and the other goes on when it no longer does."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine

from earshot.embedded_broker import EmbeddedBroker
from earshot.events.taxonomy import Taxonomy
from tests.integration.notifier.feeding import soundscape
from tests.integration.notifier.service import Service

PLAYED = soundscape(seed=7, num_devices=4, num_entries=45)
LONG_LEASE_S = 50.0
TAKE_OVER_WITHIN_S = 40.0


@pytest.fixture
def pair(
    start: Callable[..., Service], broker: EmbeddedBroker, database_url: str
) -> tuple[Service, Service]:
    """The one that works, and the one that stands by."""
    return start_pair(start, broker, database_url)


def start_pair(
    start: Callable[..., Service], broker: EmbeddedBroker, database_url: str, **options: float
) -> tuple[Service, Service]:
    first = start(broker, database_url, **options)
    first.wait_for_events_of(PLAYED[:20])
    second = start(broker, database_url, **options)
    return (first, second) if first.is_active() else (second, first)


def test_one_works_while_the_other_stands_by(
    pair: tuple[Service, Service], taxonomy: Taxonomy
) -> None:
    active, standby = pair
    for first in range(20, len(PLAYED), 10):
        active.wait_for_events_of(PLAYED[first : first + 10])

    active.check_done(PLAYED, taxonomy)
    assert standby.process.poll() is None


def test_the_standby_goes_on_when_the_other_is_killed(
    pair: tuple[Service, Service], taxonomy: Taxonomy
) -> None:
    active, standby = pair
    active.play(PLAYED[20:100])
    active.kill()

    standby.wait_until(standby.is_active, "a take-over")
    standby.play(PLAYED[100:])

    standby.check_done(PLAYED, taxonomy)


def test_a_frozen_process_stores_nothing_when_it_comes_back(
    pair: tuple[Service, Service], taxonomy: Taxonomy
) -> None:
    active, standby = pair
    for first in range(20, 140, 40):
        active.play(PLAYED[first : first + 20])
        with frozen(active):
            standby.wait_until(standby.is_active, "a take-over")
            standby.play(PLAYED[first + 20 : first + 40])
        # Whatever it had in hand when it froze, the other has it too.
        active, standby = standby, active
        active.wait_until(active.is_done, "everything acknowledged")
    active.play(PLAYED[140:])

    active.check_done(PLAYED, taxonomy)
    assert active.process.poll() is None
    assert standby.process.poll() is None


@contextmanager
def frozen(service: Service) -> Iterator[None]:
    """Stops a process wherever it is, but where it locks SQLite's file: nothing ends that lock."""
    stop(service)
    while is_locked(service.engine):
        service.process.send_signal(signal.SIGCONT)
        stop(service)
    yield
    service.process.send_signal(signal.SIGCONT)


def stop(service: Service) -> None:
    """Returns once every thread of the process stands still."""
    service.process.send_signal(signal.SIGSTOP)
    os.waitid(os.P_PID, service.process.pid, os.WSTOPPED)


def is_locked(engine: Engine) -> bool:
    if engine.dialect.name != "sqlite":
        return False
    connection = sqlite3.connect(str(engine.url.database), timeout=0.1, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()
    return False


def test_a_process_that_ends_hands_over_at_once(
    start: Callable[..., Service], broker: EmbeddedBroker, database_url: str, taxonomy: Taxonomy
) -> None:
    active, standby = start_pair(start, broker, database_url, lease_s=LONG_LEASE_S)

    active.process.send_signal(signal.SIGTERM)
    assert active.process.wait(TAKE_OVER_WITHIN_S) == 0

    standby.wait_until(standby.is_active, "a take-over", TAKE_OVER_WITHIN_S)
    standby.play(PLAYED[20:])
    standby.check_done(PLAYED, taxonomy)
    assert standby.epoch() == 2

"""A process that freezes with a lock on its lease's row, on PostgreSQL, does not keep the lease."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg
import pytest
from sqlalchemy import Engine, text

from earshot.store.engine import open_engine, reading, writing
from earshot.store.errors import StoreUnavailable
from earshot.store.lease import Acquired
from earshot.store.migrate import migrate
from tests.integration.store.contending import LEASE_S, Contender
from tests.integration.store.postgres import PostgresServer


@pytest.fixture
def two(postgres: PostgresServer) -> Iterator[tuple[Contender, Contender]]:
    """Two processes on PostgreSQL; the first holds the lease."""
    url = postgres.new_database()
    engines = [open_engine(url), open_engine(url)]
    migrate(engines[0])
    contenders = Contender(engines[0], "one"), Contender(engines[1], "other")
    contenders[0].lease.try_acquire()
    yield contenders
    for engine in engines:
        engine.dispose()


def test_a_process_frozen_within_a_transaction_does_not_keep_the_lease(
    two: tuple[Contender, Contender],
) -> None:
    one, other = two

    def freeze() -> None:
        with writing(one.engine) as connection:
            one.lease.fence().check(connection)
            assert other.take_over() == Acquired(2, dead_holder="one")

    with pytest.raises(StoreUnavailable, match="terminating connection"):
        freeze()
    assert other.lease.is_held


def test_a_process_frozen_in_the_middle_of_sending_does_not_keep_the_lease(
    two: tuple[Contender, Contender],
) -> None:
    one, other = two
    with one.engine.connect() as connection:
        session = connection.connection.driver_connection
        assert isinstance(session, psycopg.Connection)
        with suppress(psycopg.OperationalError), session.pipeline():
            # The server sends the row, and waits for what else there is to do.
            assert session.execute("SELECT holder FROM leases FOR UPDATE").fetchone() == ("one",)
            assert other.take_over() == Acquired(2, dead_holder="one")
        assert session.broken or session.closed


def test_a_process_frozen_with_two_sessions_does_not_keep_the_lease(
    two: tuple[Contender, Contender],
) -> None:
    one, other = two
    url = one.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    commit, renewal = psycopg.connect(url), psycopg.connect(url)
    commit.execute("SELECT holder FROM leases FOR UPDATE")
    acquired = None
    with ThreadPoolExecutor(1) as pool:
        renewed = pool.submit(renewal.execute, "UPDATE leases SET beat = beat + 1")
        wait_until_one_waits(other.engine)
        while acquired is None:
            with suppress(StoreUnavailable):  # the lock went on to the renewal
                acquired = other.take_over()
        renewed.result()
    commit.close()
    renewal.close()

    assert acquired == Acquired(2, dead_holder="one")


def wait_until_one_waits(engine: Engine) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    deadline_s = time.monotonic() + 30
    while True:
        with reading(engine) as connection:
            if connection.execute(waiting).scalar_one():
                return
        assert time.monotonic() < deadline_s
        time.sleep(0.01)


def test_who_only_waits_for_the_lease_is_left_alone(two: tuple[Contender, Contender]) -> None:
    one, other = two
    other.lease.try_acquire()
    other.clock.now_s += LEASE_S

    with writing(one.engine) as connection:
        one.lease.renew()
        one.lease.fence().check(connection)
        assert other.lease.try_acquire() is None  # without waiting for the lock

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import psycopg
import pytest
from sqlalchemy import Engine, select, text

from earshot.store.devices import get_device
from earshot.store.engine import open_engine, reading, writing
from earshot.store.errors import LeaseLost, StoreUnavailable
from earshot.store.lease import POLL_SHARE, RENEW_SHARE, Acquired, Lease
from earshot.store.ledger import Ledger
from earshot.store.migrate import migrate
from earshot.store.progress import NO_SEQUENCE
from earshot.store.tables import leases
from tests.integration.store.making import event, step
from tests.integration.store.postgres import PostgresServer

LEASE_S = 10.0
KEY = ("kitchen", "01J")


class Clock:
    """A process's own clock, moved by the test."""

    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


class Contender:
    """A process as far as the lease can tell."""

    def __init__(self, engine: Engine, name: str) -> None:
        self.engine = engine
        self.clock = Clock()
        self.lease = Lease(engine, 3, name, LEASE_S, self.clock)
        self.ledger = Ledger(engine, 3, self.lease)

    def take_over(self) -> Acquired | None:
        """Looks, and looks again when the lease has lasted: whoever held it stands still."""
        acquired = self.lease.try_acquire()
        self.clock.now_s += LEASE_S
        return acquired or self.lease.try_acquire()


@pytest.fixture
def one(engine: Engine) -> Contender:
    return Contender(engine, "one")


@pytest.fixture
def other(engine: Engine) -> Contender:
    return Contender(engine, "other")


def test_a_free_lease_is_taken_at_once_and_by_one(one: Contender, other: Contender) -> None:
    assert one.lease.try_acquire() == Acquired(1)
    assert other.lease.try_acquire() is None
    assert one.lease.is_held
    assert not other.lease.is_held


def test_each_partition_has_a_lease_of_its_own(engine: Engine, one: Contender) -> None:
    one.lease.try_acquire()

    assert Lease(engine, 4, "other", LEASE_S).try_acquire() == Acquired(1)


def test_a_holder_that_stands_still_is_taken_over(one: Contender, other: Contender) -> None:
    one.lease.try_acquire()
    other.lease.try_acquire()
    other.clock.now_s += LEASE_S - 0.001
    assert other.lease.try_acquire() is None

    other.clock.now_s += 0.001

    assert other.lease.try_acquire() == Acquired(2, dead_holder="one")


def test_a_holder_that_renews_is_not_taken_over(one: Contender, other: Contender) -> None:
    one.lease.try_acquire()
    for _ in range(20):
        one.clock.now_s += LEASE_S * RENEW_SHARE
        other.clock.now_s += LEASE_S - 0.001
        one.lease.renew()
        assert other.lease.try_acquire() is None
        assert one.lease.is_held


def test_a_standby_that_looks_now_and_then_is_there_within_15_s(
    one: Contender, other: Contender
) -> None:
    one.lease.try_acquire()
    died_at_s = other.clock.now_s

    while other.lease.try_acquire() is None:
        other.clock.now_s += LEASE_S * POLL_SHARE

    assert other.clock.now_s - died_at_s <= 12


def test_a_released_lease_is_taken_at_once(one: Contender, other: Contender) -> None:
    one.lease.try_acquire()
    assert other.lease.try_acquire() is None

    assert one.lease.release()

    assert other.lease.try_acquire() == Acquired(2)
    assert not one.lease.is_held
    assert not one.lease.release()
    one.lease.renew()
    assert not one.lease.is_held


def test_a_holder_that_cannot_renew_stops_before_others_may_take_over(one: Contender) -> None:
    one.lease.try_acquire()
    one.clock.now_s += 0.79 * LEASE_S
    one.lease.fence()

    one.clock.now_s += 0.02 * LEASE_S

    assert not one.lease.is_held
    with pytest.raises(LeaseLost, match="could not be renewed"):
        one.ledger.commit([step()], [])


def test_a_holder_that_could_not_renew_takes_its_own_lease_again_at_once(one: Contender) -> None:
    one.lease.try_acquire()
    one.clock.now_s += 5 * LEASE_S

    assert one.lease.try_acquire() == Acquired(2)
    assert one.lease.is_held


def test_a_late_renewal_counts_when_nobody_has_taken_over(one: Contender) -> None:
    one.lease.try_acquire()
    one.clock.now_s += 5 * LEASE_S

    one.lease.renew()

    assert one.lease.fence().epoch == 1


def test_a_renewal_after_a_take_over_tells_that_the_lease_is_lost(
    one: Contender, other: Contender
) -> None:
    one.lease.try_acquire()
    other.take_over()

    one.lease.renew()

    assert not one.lease.is_held
    assert other.lease.is_held


def test_nothing_of_the_old_holder_is_stored_after_a_take_over(
    engine: Engine, one: Contender, other: Contender
) -> None:
    one.lease.try_acquire()
    one.ledger.commit([step(to=5)], [])
    writer = one.ledger.writer()
    other.take_over()
    other.ledger.commit([step(previous=5, to=6)], [event("Cat")])

    # Where the session stands does not matter: it need not be a conflict.
    for previous in (5, 6):
        with pytest.raises(LeaseLost, match="epoch 1 is lost, other has that of epoch 2"):
            one.ledger.commit([step("hall"), step(previous=previous, to=9)], [event()])
    with pytest.raises(LeaseLost):
        one.ledger.writer(renew=True)

    assert other.ledger.progress([KEY])[KEY].last_sequence == 6
    assert other.ledger.last_position() == 1
    assert get_device(engine, "hall") is None
    assert other.ledger.writer() == writer


def test_nothing_is_stored_without_a_lease(engine: Engine, one: Contender) -> None:
    with pytest.raises(LeaseLost, match="not held"):
        one.ledger.commit([step()], [])
    one.lease.try_acquire()
    with writing(engine) as connection:
        connection.execute(leases.delete())

    with pytest.raises(LeaseLost, match="nobody has that of epoch 0"):
        one.ledger.commit([step()], [])

    assert one.ledger.progress([KEY]) == {}


def test_contenders_commit_one_after_the_other_in_the_order_of_their_epochs(
    engine: Engine,
) -> None:
    taken: list[int] = []
    committed: list[tuple[int, int]] = []  # sequence, epoch

    def contend(name: str) -> None:
        contender = Contender(engine, name)
        for _ in range(8):
            # Whoever takes over may end another's transaction, whatever became of it by then.
            with suppress(LeaseLost, StoreUnavailable):
                work(contender)
            contender.lease.drop()

    def work(contender: Contender) -> None:
        acquired = contender.take_over()
        if acquired is None:
            return
        taken.append(acquired.epoch)
        for _ in range(3):
            stored = contender.ledger.progress([KEY]).get(KEY)
            last = stored.last_sequence if stored else NO_SEQUENCE
            revised = [event(onset_s=last + 1)]
            contender.ledger.commit([step(previous=last, to=last + 1)], revised)
            committed.append((last + 1, acquired.epoch))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(contend, ["a", "b", "c", "d"]))

    assert len(taken) == len(set(taken))
    assert committed
    sequences, epochs = zip(*sorted(committed), strict=True)
    assert len(sequences) == len(set(sequences))
    assert list(epochs) == sorted(epochs)
    ledger = Ledger(engine, 3)
    assert ledger.last_position() == ledger.progress([KEY])[KEY].last_sequence + 1
    assert ledger.last_position() >= len(committed)


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


def test_the_row_says_who_works(engine: Engine, one: Contender) -> None:
    one.lease.try_acquire()
    one.lease.renew()

    with reading(engine) as connection:
        assert tuple(connection.execute(select(leases)).one()) == (3, "one", 1, 1)

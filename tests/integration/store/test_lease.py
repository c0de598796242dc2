"""Who has the lease, for how long, and who takes it over."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from earshot.store.engine import reading
from earshot.store.errors import LeaseLost
from earshot.store.lease import POLL_SHARE, RENEW_SHARE, Acquired, Lease
from earshot.store.tables import leases
from tests.integration.store.contending import LEASE_S, Contender
from tests.integration.store.making import step


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


def test_the_row_says_who_works(engine: Engine, one: Contender) -> None:
    one.lease.try_acquire()
    one.lease.renew()

    with reading(engine) as connection:
        assert tuple(connection.execute(select(leases)).one()) == (3, "one", 1, 1)

"""Processes that want the same lease, each with a clock of its own."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from earshot.store.lease import Acquired, Lease
from earshot.store.ledger import Ledger

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

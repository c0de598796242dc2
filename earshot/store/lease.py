"""At any time one process works on a partition: a lease with a fencing epoch in the database.

The row of a partition says who holds it, under which epoch, and counts the holder's signs of life.
No clock of one machine is compared with that of another: who waits measures with its own clock for
how long the count has stood still, and takes the lease in a compare-and-set that raises the epoch.
A holder that was frozen in the meantime does not know it, so every transaction that matters checks
the epoch (`earshot.store.fence`) under the row's lock: what comes too late is not stored. That is
the fencing token of Kleppmann, "How to do distributed locking", 2016.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, and_, insert, select, update

from earshot.store.engine import reading, writing
from earshot.store.errors import LeaseLost, LedgerConflict
from earshot.store.fence import Fence
from earshot.store.stuck_holder import end_stuck_holder
from earshot.store.tables import leases

POLL_SHARE = 0.1  # of the lease: how often who stands by looks
RENEW_SHARE = 0.3  # how often the holder gives a sign of life
HOLD_SHARE = 0.8  # for how long the holder works on without having been able to


@dataclass(frozen=True, slots=True)
class Acquired:
    """How the lease was obtained.

    Attributes:
        epoch: Its epoch now.
        dead_holder: From whom it was taken over; empty when it was free, or one's own.
    """

    epoch: int
    dead_holder: str = ""


class Lease:
    """One process's view of the lease of one partition.

    One thread acquires, works and releases; another may renew.

    Args:
        engine: The database.
        partition: Of which partition.
        holder: A name that no other process has or had.
        lease_s: How long the holder may give no sign of life before it is taken over.
        clock: Seconds that never go back.
    """

    def __init__(
        self,
        engine: Engine,
        partition: int,
        holder: str,
        lease_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine, self._partition, self._holder = engine, partition, holder
        self.lease_s, self._clock = lease_s, clock
        self._lock = Lock()
        self._epoch: int | None = None
        self._renewed_at_s = 0.0
        self._seen: tuple[int, int] | None = None  # epoch and beat of another holder
        self._seen_at_s = 0.0

    @property
    def is_held(self) -> bool:
        """Whether it is ours as far as we know: acquired, and renewed not long ago."""
        with self._lock:
            return self._epoch is not None and self._is_fresh()

    def fence(self) -> Fence:
        """Returns what a transaction must check.

        Raises:
            LeaseLost: It is not held, or could not be renewed for longer than it may.
        """
        with self._lock:
            if self._epoch is None:
                raise LeaseLost(f"partition {self._partition}: the lease is not held")
            if not self._is_fresh():
                raise LeaseLost(f"partition {self._partition}: the lease could not be renewed")
            return Fence(self._partition, self._holder, self._epoch)

    def try_acquire(self) -> Acquired | None:
        """Takes the lease if nobody has it, or its holder has stood still for `lease_s`.

        Call it again and again while standing by: each call looks once, and none waits.

        Returns:
            How it was obtained; None while it is another's.

        Raises:
            StoreUnavailable: The database does not answer, or not yet: the dead holder has locks.
        """
        asked_at_s = self._clock()
        with reading(self._engine) as connection:
            row = connection.execute(select(leases).where(self._mine())).one_or_none()
        if row is None:
            return self._make()
        is_anothers = row.holder not in ("", self._holder)
        if is_anothers and not self._stands_still(row, asked_at_s):
            return None
        return self._take(row, dead_holder=row.holder if is_anothers else "")

    def renew(self) -> None:
        """Gives a sign of life; does nothing when the lease is not held.

        Raises:
            StoreUnavailable: The database does not answer. The lease is held for a while yet.
        """
        epoch, asked_at_s = self._epoch, self._clock()
        if epoch is None:
            return
        is_ours = self._change(self._under(epoch, self._holder), beat=leases.c.beat + 1)
        with self._lock:
            if self._epoch != epoch:
                return
            if is_ours:
                self._renewed_at_s = asked_at_s
            else:
                self._epoch = None

    def drop(self) -> None:
        """Forgets that it was held: some transaction found that it is not. The row stays."""
        with self._lock:
            self._epoch = None

    def release(self) -> bool:
        """Gives the lease back, so that another process takes it at once.

        Returns:
            Whether it was ours to give.

        Raises:
            StoreUnavailable: The database does not answer: others will wait for `lease_s`.
        """
        with self._lock:
            epoch, self._epoch = self._epoch, None
        return epoch is not None and self._change(self._under(epoch, self._holder), holder="")

    def _make(self) -> Acquired | None:
        asked_at_s = self._clock()
        values = {"partition": self._partition, "holder": self._holder, "epoch": 1, "beat": 0}
        try:
            with writing(self._engine) as connection:
                connection.execute(insert(leases).values(values))
        except LedgerConflict:
            return None  # another process was first
        return self._acquired(Acquired(1), asked_at_s)

    def _take(self, row: Row[*tuple[Any, ...]], dead_holder: str) -> Acquired | None:
        asked_at_s = self._clock()
        unmoved = and_(self._under(row.epoch, row.holder), leases.c.beat == row.beat)
        with writing(self._engine) as connection:
            if dead_holder:
                end_stuck_holder(connection, self._partition, row.epoch, row.beat)
            take = update(leases).where(unmoved)
            taken = connection.execute(take.values(holder=self._holder, epoch=row.epoch + 1))
        if taken.rowcount != 1:
            return None
        return self._acquired(Acquired(row.epoch + 1, dead_holder), asked_at_s)

    def _acquired(self, acquired: Acquired, asked_at_s: float) -> Acquired:
        with self._lock:
            self._epoch, self._renewed_at_s = acquired.epoch, asked_at_s
        return acquired

    def _stands_still(self, row: Row[*tuple[Any, ...]], asked_at_s: float) -> bool:
        # First seen after the answer, seen again before the question: never too early.
        if (row.epoch, row.beat) != self._seen:
            self._seen, self._seen_at_s = (row.epoch, row.beat), self._clock()
        return asked_at_s - self._seen_at_s >= self.lease_s

    def _is_fresh(self) -> bool:
        return self._clock() - self._renewed_at_s < HOLD_SHARE * self.lease_s

    def _mine(self) -> ColumnElement[bool]:
        return leases.c.partition == self._partition

    def _under(self, epoch: int, holder: str) -> ColumnElement[bool]:
        return and_(self._mine(), leases.c.holder == holder, leases.c.epoch == epoch)

    def _change(self, condition: ColumnElement[bool], **values: object) -> bool:
        with writing(self._engine) as connection:
            changed = connection.execute(update(leases).where(condition).values(**values))
        return changed.rowcount == 1

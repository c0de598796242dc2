"""What keeps a process out that lost its lease without knowing: each commit checks the epoch."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from earshot.store.errors import LeaseLost
from earshot.store.tables import leases

NO_LEASE = ("", 0)  # what a missing row says


@dataclass(frozen=True, slots=True)
class Fence:
    """What a transaction must find in the row of its partition's lease.

    Attributes:
        partition: Whose lease.
        holder: Who must hold it.
        epoch: Under which epoch.
    """

    partition: int
    holder: str
    epoch: int

    def compare(self, holder: str, epoch: int) -> None:
        """Compares with what the row says; it must have been read under its lock.

        Raises:
            LeaseLost: Another holder, or another epoch.
        """
        if (holder, epoch) != (self.holder, self.epoch):
            raise LeaseLost(
                f"partition {self.partition}: the lease of epoch {self.epoch} is lost, "
                f"{holder or 'nobody'} has that of epoch {epoch}"
            )

    def check(self, connection: Connection) -> None:
        """Reads the row and locks it: what it says then holds until the transaction ends.

        Raises:
            LeaseLost: Another holder, or another epoch.
        """
        statement = select(leases.c.holder, leases.c.epoch)
        mine = statement.where(leases.c.partition == self.partition)
        row = connection.execute(mine.with_for_update()).one_or_none()
        self.compare(*(row or NO_LEASE))

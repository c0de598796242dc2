"""Deletes what is older than it shall be kept: beside a partition's work, a little at a time."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog
from sqlalchemy import Engine

from earshot.store.errors import StoreError
from earshot.store.retention import Retention, delete_old, tables_of
from services.notifier.metrics import NotifierMetrics

SWEEP_EVERY_S = 600.0

log = structlog.get_logger(__name__)


class Sweep:
    """What the holder of a partition deletes; the first one's holder also what is of no partition.

    Args:
        engine: The database.
        partition: Whose.
        retention: How long what is kept.
        metrics: What to count on.
        clock: Seconds that never go back.
    """

    def __init__(
        self,
        engine: Engine,
        partition: int,
        retention: Retention,
        metrics: NotifierMetrics,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine, self._partition, self._retention = engine, partition, retention
        self._metrics, self._clock = metrics, clock
        self._tables: list[str] = []  # in which there may be something to delete
        self._next_at_s = clock() + SWEEP_EVERY_S

    def tend(self, relayed_position: int) -> None:
        """Does one short transaction if one is due; call it now and then.

        Args:
            relayed_position: The last position of the partition that the broker has.
        """
        if not self._tables:
            if self._clock() < self._next_at_s:
                return
            self._next_at_s = self._clock() + SWEEP_EVERY_S
            self._tables = list(tables_of(self._partition))
        table = self._tables[0]
        before_ns = self._retention.begins_at_ns(table, time.time_ns())
        try:
            deleted = delete_old(self._engine, table, before_ns, self._partition, relayed_position)
        except StoreError as error:
            log.warning("old rows stay for now", table=table, error=str(error))
            self._tables.clear()
            return
        for name, num_rows in deleted.rows.items():
            self._metrics.swept.labels(name).inc(num_rows)
        if not deleted.may_be_more:
            self._tables.pop(0)

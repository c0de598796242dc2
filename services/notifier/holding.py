"""Who works on a partition, for its loop: stand by, hold the lease, lose it, give it back."""

from __future__ import annotations

from threading import Event

import structlog

from earshot.store.errors import LeaseLost, StoreError
from earshot.store.lease import POLL_SHARE, Lease
from services.notifier.metrics import NotifierMetrics

log = structlog.get_logger(__name__)


class Holding:
    """The lease of one partition, logged and counted.

    Attributes:
        lease: The lease itself.
    """

    def __init__(self, lease: Lease, partition: int, metrics: NotifierMetrics, stop: Event) -> None:
        self.lease, self._stop = lease, stop
        self._gauge = metrics.lease.labels(str(partition))
        self._takeovers = metrics.takeovers.labels(str(partition))

    def wait(self) -> bool:
        """Stands by until the lease is ours; returns False when stopped before.

        Raises:
            StoreUnavailable: The database does not answer.
        """
        has_said = False
        while not self.lease.is_held:
            if self._stop.is_set():
                return False
            if self._try():
                break
            if not has_said:
                log.info("standing by: another notifier works on this partition")
                has_said = True
            self._stop.wait(POLL_SHARE * self.lease.lease_s)
        self._gauge.set(1)
        return True

    def check(self) -> None:
        """Returns while the lease is ours as far as we know.

        Raises:
            LeaseLost: It was taken over, or may be by now.
        """
        self.lease.fence()

    def lost(self, error: LeaseLost) -> None:
        """Takes note that the lease is another's, or may be by now."""
        self.lease.drop()
        self._gauge.set(0)
        log.warning("lease lost", reason=str(error))

    def give_back(self) -> None:
        """Releases the lease, if it is held, so that another process takes it at once."""
        self._gauge.set(0)
        try:
            if self.lease.release():
                log.info("lease released")
        except StoreError as error:
            log.warning("lease not released: others wait until it ends", error=str(error))

    def _try(self) -> bool:
        acquired = self.lease.try_acquire()
        if acquired is None:
            return False
        if acquired.dead_holder:
            self._takeovers.inc()
            log.warning("lease taken over", epoch=acquired.epoch, dead=acquired.dead_holder)
        else:
            log.info("lease taken", epoch=acquired.epoch)
        return True

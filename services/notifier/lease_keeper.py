"""Renews the leases of a process from a thread of its own, however long a batch takes."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Event, Thread
from types import TracebackType

import structlog

from earshot.store.errors import StoreError
from earshot.store.lease import RENEW_SHARE, Lease

log = structlog.get_logger(__name__)


class LeaseKeeper:
    """Keeps the leases that are held, as long as it is entered.

    A batch that takes long or a broker that is away costs no lease while the database answers.

    Args:
        leases: One per partition, held or not; all last equally long.
    """

    def __init__(self, leases: Sequence[Lease]) -> None:
        self._leases = leases
        self._stop = Event()
        self._thread: Thread | None = None

    def __enter__(self) -> None:
        """Starts the thread."""
        self._stop.clear()
        self._thread = Thread(target=self._run, name="lease-keeper", daemon=True)
        self._thread.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends the thread; the leases stay as they are."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        every_s = RENEW_SHARE * min(lease.lease_s for lease in self._leases)
        while not self._stop.wait(every_s):
            for lease in self._leases:
                try:
                    lease.renew()
                except StoreError as error:
                    log.warning("lease not renewed", error=str(error))

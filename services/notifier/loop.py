"""One partition's only reader: what is pending first, in order; then what is new."""

from __future__ import annotations

import time
from threading import Event

import structlog

from earshot.store.errors import LeaseLost, LedgerConflict, StateChanged, StoreUnavailable
from earshot.streams.entry import Delivery
from earshot.streams.errors import BrokerRefused, DependencyAway
from earshot.streams.pause import Pause
from earshot.streams.port import Reader
from earshot.topics import PREDICTIONS
from services.notifier.closing import Closing
from services.notifier.holding import Holding
from services.notifier.metrics import NotifierMetrics
from services.notifier.relay import Relay
from services.notifier.sweep import Sweep
from services.notifier.work import Defect, Hole, Work

BATCH_ENTRIES = 1_024  # a backlog's; the more of them, the fewer rows for each device
BLOCK_S = 0.5  # a stop is seen this late
TEND_EVERY_S = 1.0
STRAY_SHARE = 0.5  # of the lease: how long an entry may be pending on another's name

log = structlog.get_logger(__name__)


class PartitionLoop:
    """Reads one partition until it is stopped.

    It stands by until it holds the partition's lease, and again when it has lost it. Once it holds
    it, and after any error of the broker or the database, it forgets what it has in memory, claims
    all that is pending in the order of its ids, whoever it was given to, and works it off before it
    reads anything new. So a kill at any moment changes nothing but the time.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - one argument per part
        self,
        reader: Reader,
        work: Work,
        closing: Closing,
        relay: Relay,
        sweep: Sweep,
        holding: Holding,
        metrics: NotifierMetrics,
        stop: Event,
    ) -> None:
        self._reader, self._work = reader, work
        self._closing, self._relay, self._sweep = closing, relay, sweep
        self._holding, self._metrics, self._stop = holding, metrics, stop
        self._tended_at_s = -TEND_EVERY_S

    def run(self) -> None:
        """Runs until the stop is set; waits and goes on when something it needs is away."""
        pause = Pause(self._stop)
        try:
            while not self._stop.is_set():
                self._work_on(pause)
        finally:
            self._holding.give_back()
        self._leave()

    def hold(self) -> bool:
        """Stands by until the partition is this process's; returns False when stopped before.

        Call `recover` next: whoever held it before has moved what is in the database.
        """
        if not self._holding.wait():
            return False
        self._closing.start()
        return True

    def recover(self) -> None:
        """Forgets everything, and works off what is pending and what the relay has not sent."""
        self._reader.join()
        self._relay.start()
        is_clean = False
        while not is_clean and not self._stop.is_set():
            self._work.forget()
            try:
                is_clean = self._work_off_pending()
            except (Defect, StateChanged):
                continue
        self._relay.catch_up()

    def step(self, block_s: float) -> bool:
        """One round: housekeeping when it is due, then one read and its batch.

        Returns:
            Whether there was anything to read.

        Raises:
            LeaseLost: The partition is another's, or may be by now.
        """
        self._holding.check()
        if time.monotonic() - self._tended_at_s >= TEND_EVERY_S:
            self._tend()
        deliveries = self._reader.read(BATCH_ENTRIES, block_s)
        if not deliveries:
            return False
        try:
            self._work.do(deliveries, is_hole_final=False)
        except (Hole, Defect, StateChanged):
            self.recover()
        self._relay.catch_up()
        return True

    def _work_on(self, pause: Pause) -> None:
        try:
            if not self.hold():
                return
            self.recover()
            while not self._stop.is_set():
                self.step(BLOCK_S)
                pause.reset()
        except LeaseLost as error:
            self._holding.lost(error)
            self._work.forget()
        except (DependencyAway, BrokerRefused, StoreUnavailable, LedgerConflict) as error:
            log.warning("cannot go on", error=str(error))
            self._metrics.away.labels(PREDICTIONS.name).inc()
            pause.wait()

    def _work_off_pending(self) -> bool:
        while not self._stop.is_set():
            self._holding.check()
            claimed = self._claim(0.0)
            if not claimed:
                return True
            self._metrics.redelivered.labels(PREDICTIONS.name).inc(len(claimed))
            self._work.do(claimed, is_hole_final=True)
        return False

    def _claim(self, min_idle_s: float) -> list[Delivery]:
        claimed, num_lost = self._reader.claim(min_idle_s, BATCH_ENTRIES)
        if num_lost:
            log.error("pending entries were trimmed", num_lost=num_lost)
            self._metrics.lost.labels(PREDICTIONS.name, "trimmed").inc(num_lost)
        return claimed

    def _tend(self) -> None:
        self._tended_at_s = time.monotonic()
        self._relay.tend()
        self._sweep.tend(self._relay.position)
        # A process that was frozen and does not know that it has lost the lease may read once
        # more. What it got is pending on its name, and nothing that follows need ever show it.
        if self._claim(STRAY_SHARE * self._holding.lease.lease_s):
            log.warning("entries were given to a reader that may not work on them")
            self.recover()
        self._close()
        for group, num_entries in self._reader.tend().trimmed_past:
            self._metrics.trimmed_past.labels(PREDICTIONS.name, group).inc(num_entries)

    def _close(self) -> None:
        due = self._closing.due()
        try:
            for start in range(0, len(due), BATCH_ENTRIES):
                self._work.close(due[start : start + BATCH_ENTRIES])
        except StateChanged:
            self.recover()
            self._closing.start()
        if due:
            self._relay.catch_up()

    def _leave(self) -> None:
        try:
            self._reader.leave()
        except (DependencyAway, BrokerRefused) as error:
            log.warning("left without a word", error=str(error))

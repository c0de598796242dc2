"""One process of the notifier: a loop per partition, and what ends them."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

import structlog
from sqlalchemy import Engine

from earshot.events.taxonomy import Taxonomy
from earshot.model_labels import GatheringFor
from earshot.settings import CLOSE_AFTER_S
from earshot.store.errors import StoreUnavailable
from earshot.store.lease import Lease
from earshot.store.ledger import Ledger
from earshot.store.migrate import migrate
from earshot.store.retention import FOR_A_YEAR, Retention
from earshot.streams.pause import Pause
from earshot.streams.port import Stage, Streams
from earshot.streams.process import consumer_name, run_loops, stop_on_signals
from earshot.topics import PREDICTIONS
from services.notifier.closing import Closing
from services.notifier.holding import Holding
from services.notifier.keeping import Keeping
from services.notifier.lease_keeper import LeaseKeeper
from services.notifier.loop import PartitionLoop
from services.notifier.metrics import NotifierMetrics
from services.notifier.passage import Passage
from services.notifier.relay import Relay
from services.notifier.settings import LEASE_S
from services.notifier.sinks import SINKS
from services.notifier.sweep import Sweep
from services.notifier.tracking import Sessions
from services.notifier.work import Work

log = structlog.get_logger(__name__)


class Notifier:
    """Follows all partitions of the predictions.

    Start it once, or more often: each partition is worked on by the process that holds its lease,
    and by another soon after that one is gone. A process without any lease stands by, and is well.

    Args:
        streams: The broker.
        engine: The database; `run` brings its tables up to date.
        taxonomy: The labels.
        gathering_for: What the labels and scenes gather from each model.
        metrics: What to count on.
        lease_s: How long a process may give no sign of life before another takes over.
        accepts_unknown: Whether devices that nobody has registered make events, too.
        close_after_s: After how long without a message a session's events end.
        retention: How long what is kept in the database.
        clock: What time is measured by: seconds that never go back.

    Attributes:
        stop: Set it to end the loops; SIGTERM and SIGINT do.
    """

    def __init__(  # noqa: PLR0913 - one argument per part
        self,
        streams: Streams,
        engine: Engine,
        taxonomy: Taxonomy,
        gathering_for: GatheringFor,
        metrics: NotifierMetrics,
        lease_s: float = LEASE_S,
        *,
        accepts_unknown: bool = True,
        close_after_s: float = CLOSE_AFTER_S,
        retention: Retention = FOR_A_YEAR,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._streams, self._engine = streams, engine
        self._taxonomy, self._gathering_for, self._metrics = taxonomy, gathering_for, metrics
        self._accepts_unknown = accepts_unknown
        self._close_after_s, self._clock = close_after_s, clock
        self._retention = retention
        self._sinks = [make() for make in SINKS.values()]
        self._consumer = consumer_name()
        self.stop = Event()
        partitions = range(streams.partitions)
        self._leases = [Lease(engine, p, self._consumer, lease_s) for p in partitions]
        self._keeper = LeaseKeeper(self._leases)
        self._loops = [self._loop(partition) for partition in partitions]

    def run(self) -> bool:
        """Runs until it is stopped; returns False when a loop ended by an unexpected error.

        Call it from the main thread: it takes SIGTERM and SIGINT.

        Raises:
            UnknownSchema: A newer version of the program made the database's tables.
        """
        stop_on_signals(self.stop)
        self._migrate()
        with self._keeper:
            return run_loops(self._loops, self.stop)

    def run_until_idle(self) -> None:
        """Works off what is there, in this thread; the database has its tables.

        The leases stay with this process until it ends.
        """
        with self._keeper:
            for loop in self._loops:
                loop.hold()
                loop.recover()
            while self.step():
                pass

    def step(self) -> bool:
        """Reads once in each partition, in this thread; returns whether there was anything."""
        found = [loop.step(0) for loop in self._loops]
        return any(found)

    def _loop(self, partition: int) -> PartitionLoop:
        stage = Stage(PREDICTIONS, PREDICTIONS.owner)
        reader = self._streams.reader(stage, partition, self._consumer)
        lease = self._leases[partition]
        ledger = Ledger(self._engine, partition, lease)
        sessions = Sessions(ledger, self._taxonomy, accepts_unknown=self._accepts_unknown)
        passage = Passage(self._streams, partition)
        closing = Closing(ledger, passage, self._close_after_s, self._clock)
        work = Work(
            reader,
            ledger,
            sessions,
            closing,
            self._gathering_for,
            self._metrics,
            self._sinks,
            Keeping(is_on=self._retention.embeddings_s > 0),
        )
        relay = Relay(self._streams, ledger, self._metrics)
        sweep = Sweep(self._engine, partition, self._retention, self._metrics, self._clock)
        holding = Holding(lease, partition, self._metrics, self.stop)
        return PartitionLoop(reader, work, closing, relay, sweep, holding, self._metrics, self.stop)

    def _migrate(self) -> None:
        pause = Pause(self.stop)
        while not self.stop.is_set():
            try:
                migrate(self._engine)
            except StoreUnavailable as error:
                log.warning("waiting for the database", error=str(error))
                pause.wait()
            else:
                return

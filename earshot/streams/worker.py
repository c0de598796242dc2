"""The loop that every stage runs: read, handle, hand off, and keep house once a second.

One reader (thread) per partition. A stop (SIGTERM) is seen within one blocking read; the batch in
hand is finished first.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from threading import Event

import structlog

from earshot.streams.errors import BrokerRefused, DependencyAway
from earshot.streams.handling import Handler, Handling, Stopping
from earshot.streams.loop_metrics import LoopMetrics
from earshot.streams.pause import Pause
from earshot.streams.port import Stage, Streams
from earshot.streams.process import consumer_name, run_loops, stop_on_signals

RECLAIM_LIMIT = 256  # suspects per round: housekeeping must not starve what is new
HELD_S = 0.05  # pause while the target is over its budget

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LoopOptions:
    """How a loop reads.

    Attributes:
        batch_size: Entries per read at most.
        block_s: Longest wait for a new entry; a stop is seen this late.
        claim_idle_s: Pending entries idle for this long are taken over, one's own included.
        tend_every_s: Time between two rounds of housekeeping.
    """

    batch_size: int = 32
    block_s: float = 0.5
    claim_idle_s: float = 5.0
    tend_every_s: float = 1.0


class PartitionLoop:
    """Reads one partition of a stage until it is stopped."""

    def __init__(self, worker: Worker, partition: int) -> None:
        self._streams, self._stage, self._partition = worker.streams, worker.stage, partition
        self._metrics, self._stop, self._options = worker.metrics, worker.stop, worker.options
        self._topic = worker.stage.source.name
        self._reader = worker.streams.reader(worker.stage, partition, worker.consumer)
        self._handling = Handling(
            self._reader, worker.stage, worker.handler, worker.metrics, worker.stop
        )
        self._tended_at_s = float("-inf")

    def run(self) -> None:
        """Runs until the stop is set; waits and goes on when the broker is away."""
        pause, joined = Pause(self._stop), False
        while not self._stop.is_set():
            try:
                if not joined:
                    self._reader.join()
                    joined = True
                self.step(self._options.block_s)
                pause.reset()
            except Stopping:
                break
            except (DependencyAway, BrokerRefused) as error:
                log.warning("cannot go on", topic=self._topic, error=str(error))
                pause.wait()
        self._leave()

    def run_until_idle(self) -> None:
        """Runs until the group has nothing unread and nothing pending."""
        self._reader.join()
        while not self._stop.is_set():
            self.step(0)
            backlog = self._streams.backlog(self._stage.source, self._partition, self._stage.group)
            if backlog.unread == backlog.pending == 0:
                self._tend()
                return

    def step(self, block_s: float) -> None:
        """One round: housekeeping when it is due, then one read and its batch."""
        is_due = time.monotonic() - self._tended_at_s >= self._options.tend_every_s
        if is_due:
            self._tend()
        if self._is_held():
            self._metrics.held.labels(self._topic).inc()
            self._stop.wait(HELD_S)
            return
        if is_due:
            self._reclaim()
        deliveries = self._reader.read(self._options.batch_size, block_s)
        if deliveries:
            self._handling.fresh(deliveries)

    def _is_held(self) -> bool:
        target = self._stage.target
        return target is not None and self._streams.fill(target, self._partition) >= 1.0

    def _tend(self) -> None:
        self._tended_at_s = time.monotonic()
        tended = self._reader.tend()
        if tended.skipped:
            log.warning("sequences skipped", topic=self._topic, num_skipped=tended.skipped)
            self._metrics.lost.labels(self._topic, "gap").inc(tended.skipped)
        for group, num_entries in tended.trimmed_past:
            self._metrics.trimmed_past.labels(self._topic, group).inc(num_entries)

    def _reclaim(self) -> None:
        for _ in range(RECLAIM_LIMIT):
            claimed, num_lost = self._reader.claim(self._options.claim_idle_s, 1)
            if num_lost:
                log.error("pending entries were trimmed", topic=self._topic, num_lost=num_lost)
                self._metrics.lost.labels(self._topic, "trimmed").inc(num_lost)
            if not claimed or self._stop.is_set():
                return
            self._metrics.redelivered.labels(self._topic).inc()
            self._handling.suspect(claimed[0])

    def _leave(self) -> None:
        try:
            self._reader.leave()
        except (DependencyAway, BrokerRefused) as error:
            log.warning("left without a word", topic=self._topic, error=str(error))


class Worker:
    """One process of a stage: a loop per partition, and what ends them.

    Attributes:
        stop: Set it to end the loops; SIGTERM and SIGINT do.
        consumer: The process' name in its group.
    """

    def __init__(
        self,
        streams: Streams,
        stage: Stage,
        handler: Handler,
        metrics: LoopMetrics,
        options: LoopOptions | None = None,
    ) -> None:
        self.streams, self.stage, self.handler, self.metrics = streams, stage, handler, metrics
        self.options = options or LoopOptions()
        self.stop = Event()
        self.consumer = consumer_name()
        num_loops = streams.partitions if stage.source.partitioned else 1
        self._loops = [PartitionLoop(self, partition) for partition in range(num_loops)]

    def run(self) -> bool:
        """Runs until it is stopped; returns False when a loop ended by an unexpected error.

        Call it from the main thread: it takes SIGTERM and SIGINT.
        """
        stop_on_signals(self.stop)
        return run_loops(self._loops, self.stop)

    def run_until_idle(self) -> None:
        """Works off what is there, in this thread."""
        for loop in self._loops:
            loop.run_until_idle()

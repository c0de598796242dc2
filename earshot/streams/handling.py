"""How entries meet a handler: a batch at first, alone once one of them is suspect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event
from typing import Any

import structlog

from earshot.streams.entry import Delivery, Entry
from earshot.streams.errors import BadMessage, DependencyAway
from earshot.streams.loop_metrics import LoopMetrics
from earshot.streams.pause import Pause
from earshot.streams.port import HandOff, Reader, Stage

MAX_ATTEMPTS = 3  # the third attempt that ends in a crash or an unexpected error makes it dead

Handler = Callable[[Sequence[Any]], Sequence[Any]]
log = structlog.get_logger(__name__)


class Stopping(Exception):
    """Raised inside when the process was told to stop; what is pending stays pending."""


class Handling:
    """Runs one stage's handler over deliveries of one partition.

    Three outcomes only: the handler returns, and its results are handed off (or acknowledged);
    it raises BadMessage, and the entry is a dead letter now; it raises anything else, and the
    entry is tried again later, alone. DependencyAway is no attempt: the batch is kept in hand
    until the dependency is back, and nothing else is read meanwhile.
    """

    def __init__(
        self,
        reader: Reader,
        stage: Stage,
        handler: Handler,
        metrics: LoopMetrics,
        stop: Event,
    ) -> None:
        self._reader, self._stage = reader, stage
        self._handler, self._metrics, self._stop = handler, metrics, stop
        self._topic = stage.source.name
        # Without a target nothing tells which of a failed batch were handled: one at a time.
        self._batched = stage.target is not None

    def fresh(self, deliveries: Sequence[Delivery]) -> None:
        """Handles entries that nobody was given before."""
        readable: list[tuple[Delivery, Any]] = []
        tombstones: list[tuple[str, Entry]] = []
        for delivery in deliveries:
            if delivery.entry is not None and delivery.entry.is_tombstone:
                tombstones.append((delivery.entry_id, delivery.entry))
            elif (message := self._decoded(delivery)) is not None:
                readable.append((delivery, message))
        self._finish(tombstones)
        size = max(len(readable), 1) if self._batched else 1
        for start in range(0, len(readable), size):
            self._finish(self._batch(readable[start : start + size]))

    def suspect(self, delivery: Delivery) -> None:
        """Handles one entry that was delivered before, alone, with its attempt recorded."""
        if delivery.entry is not None and delivery.entry.is_tombstone:
            self._finish([(delivery.entry_id, delivery.entry)])
        elif (message := self._decoded(delivery)) is not None:
            self._alone(delivery, message)

    def _batch(self, readable: Sequence[tuple[Delivery, Any]]) -> list[tuple[str, Entry]]:
        pause = Pause(self._stop)
        while True:
            try:
                outputs = self._call([message for _, message in readable])
            except DependencyAway as error:
                self._wait(pause, error, len(readable))
            except Exception as error:
                log.warning("batch failed, now one by one", error=repr(error), size=len(readable))
                for delivery, message in readable:
                    self._alone(delivery, message)
                return []
            else:
                return [
                    (delivery.entry_id, self._encoded(delivery, output))
                    for (delivery, _), output in zip(readable, outputs, strict=True)
                ]

    def _alone(self, delivery: Delivery, message: Any) -> None:
        entry_id, pause = delivery.entry_id, Pause(self._stop)
        while True:
            attempts = self._reader.begin_attempt(entry_id)
            if attempts > MAX_ATTEMPTS:
                self._bury(delivery, f"{MAX_ATTEMPTS} attempts ended without an answer")
                return
            try:
                (output,) = self._call([message])
            except DependencyAway as error:
                self._reader.withdraw_attempt(entry_id)
                self._wait(pause, error, 1)
            except Exception as error:
                self._failed(delivery, error, attempts)
                return
            else:
                outcomes = self._finish([(entry_id, self._encoded(delivery, output))])
                if HandOff.PARK_FULL in outcomes:
                    self._reader.withdraw_attempt(entry_id)
                return

    def _failed(self, delivery: Delivery, error: Exception, attempts: int) -> None:
        """A bad message is dead now; any other error leaves it pending, until it is the third."""
        if isinstance(error, BadMessage):
            self._bury(delivery, str(error))
            return
        log.error("handler failed", entry=delivery.entry_id, attempt=attempts, exc_info=error)
        if attempts == MAX_ATTEMPTS:
            self._bury(delivery, f"{type(error).__name__}: {error}")

    def _call(self, messages: list[Any]) -> Sequence[Any]:
        with self._metrics.batch_seconds.labels(self._topic).time():
            outputs = self._handler(messages)
        if len(outputs) != len(messages):
            raise TypeError(f"the handler was given {len(messages)} and returned {len(outputs)}")
        self._metrics.handled.labels(self._topic).inc(len(messages))
        return outputs

    def _wait(self, pause: Pause, error: DependencyAway, num_messages: int) -> None:
        """Keeps the messages in hand for a while; they stay pending when the process must stop."""
        self._metrics.away.labels(self._topic).inc()
        log.warning("dependency away", error=str(error), num_messages=num_messages)
        pause.wait()
        if self._stop.is_set():
            raise Stopping

    def _decoded(self, delivery: Delivery) -> Any:
        if delivery.entry is None:
            self._bury(delivery, delivery.problem)
            return None
        try:
            return self._stage.source.decode(delivery.entry)
        except BadMessage as error:
            self._bury(delivery, str(error))
            return None

    def _encoded(self, delivery: Delivery, output: Any) -> Entry:
        if self._stage.target is not None:
            return self._stage.target.encode(output)
        assert delivery.entry is not None
        return delivery.entry

    def _finish(self, results: Sequence[tuple[str, Entry]]) -> list[HandOff]:
        if not results:
            return []
        if self._stage.target is None:
            entry_ids = [entry_id for entry_id, _ in results]
            self._reader.acknowledge(entry_ids)
            return []
        return self._reader.hand_off(results)

    def _bury(self, delivery: Delivery, reason: str) -> None:
        log.error("dead letter", entry=delivery.entry_id, reason=reason)
        self._metrics.dead.labels(self._topic).inc()
        self._reader.bury(delivery, reason)

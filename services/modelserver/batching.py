"""Adaptive batching: whatever queued while the model was busy is computed together, next.

There is no timer, so a lone request never waits. One thread computes; scale by processes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Condition, Thread

import structlog

from services.modelserver.errors import QueueFull, Retired
from services.modelserver.layout import Layout
from services.modelserver.metrics import BATCH_ROWS, INFERENCE_SECONDS, QUEUED_REQUESTS
from services.modelserver.model import Model, Tensors

# Requests, not rows: more than two batches of single rows. Beyond it callers do better to back off.
MAX_QUEUED_REQUESTS = 128

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class _Waiting:
    inputs: Tensors
    key: Hashable
    num_rows: int
    outputs: Future[Tensors] = field(default_factory=Future)


class Batcher:
    """The queue of one signature of a version, and the thread that works it off.

    Args:
        name: Of the model, for metrics and logs.
        model: What computes.
        max_batch_rows: Rows at which a batch is closed; a larger request is computed alone.

    Attributes:
        model: What computes.
    """

    def __init__(self, name: str, model: Model, max_batch_rows: int) -> None:
        self.model = model
        self._name = name
        self._layout = Layout(model.signature)
        self._max_batch_rows = max_batch_rows
        self._queue: deque[_Waiting] = deque()
        self._changed = Condition()
        self._is_closed = False
        self._thread = Thread(target=self._work, name=f"batch-{name}", daemon=True)
        self._thread.start()

    def submit(self, inputs: Tensors) -> Future[Tensors]:
        """Queues a request; cancel the future when nobody waits for it any more.

        Args:
            inputs: Already checked against the model's signature.

        Returns:
            Its outputs, or `InferenceFailed`, once computed.

        Raises:
            QueueFull: Too many requests wait.
            Retired: `close` was called.
        """
        waiting = _Waiting(inputs, self._layout.key(inputs), self._layout.num_rows(inputs))
        with self._changed:
            if self._is_closed:
                raise Retired(self._name)
            if len(self._queue) >= MAX_QUEUED_REQUESTS:
                raise QueueFull(
                    "The batch scheduling queue to which this task was submitted is full; "
                    f"{len(self._queue)} requests wait for model {self._name}"
                )
            self._queue.append(waiting)
            QUEUED_REQUESTS.labels(self._name).inc()
            self._changed.notify()
        return waiting.outputs

    def close(self) -> None:
        """Takes no more requests, answers those that wait, and ends the thread."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        self._thread.join()

    def _work(self) -> None:
        while batch := self._take():
            wanted = [each for each in batch if each.outputs.set_running_or_notify_cancel()]
            if wanted:
                self._answer(wanted)

    def _take(self) -> list[_Waiting]:
        """Waits for requests and takes those at the head that fit together; empty at the end."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._is_closed)
            batch: list[_Waiting] = []
            num_rows = 0
            while self._queue and self._fits(self._queue[0], batch, num_rows):
                batch.append(self._queue.popleft())
                num_rows += batch[-1].num_rows
            QUEUED_REQUESTS.labels(self._name).dec(len(batch))
            return batch

    def _fits(self, waiting: _Waiting, batch: Sequence[_Waiting], num_rows: int) -> bool:
        if not batch:
            return True
        is_alike = waiting.key is not None and waiting.key == batch[0].key
        return is_alike and num_rows + waiting.num_rows <= self._max_batch_rows

    def _answer(self, batch: Sequence[_Waiting]) -> None:
        """Computes a batch; when that fails, each request alone, so that only the bad one fails."""
        try:
            answers = self._compute([each.inputs for each in batch])
        except Exception as error:  # whatever it is, no caller may be left waiting
            if len(batch) == 1:
                log.warning("inference failed", model=self._name, reason=str(error))
                batch[0].outputs.set_exception(error)
                return
            for each in batch:
                self._answer([each])
            return
        for each, outputs in zip(batch, answers, strict=True):
            each.outputs.set_result(outputs)

    def _compute(self, requests: Sequence[Tensors]) -> list[Tensors]:
        BATCH_ROWS.labels(self._name).observe(sum(map(self._layout.num_rows, requests)))
        with INFERENCE_SECONDS.labels(self._name).time():
            outputs = self.model.run(self._layout.join(requests))
        return self._layout.split(outputs, requests)

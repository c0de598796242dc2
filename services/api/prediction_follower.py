"""Follows the predictions of all partitions, while somebody wants to know what is heard."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread

import structlog

from earshot.streams.entry import Delivery
from earshot.streams.entry_id import EntryId
from earshot.streams.errors import StreamsError
from earshot.streams.pause import Pause
from earshot.streams.port import Streams, Tail
from earshot.topics import PREDICTIONS

BATCH = 256  # entries per read
BLOCK_S = 0.5  # longest wait for an entry; a stop is seen this late
RECENT_MS = 10_000  # how far back to begin, as far as that is still in the stream
IDLE_S = 30.0  # after nobody has asked for so long, it stops

_log = structlog.get_logger(__name__)


class PredictionFollower:
    """A thread per partition, from the first `want` until `IDLE_S` after the last.

    It must wait at the stream for each entry: the notifier's housekeeping removes what has been
    acknowledged, so what is looked for later may be gone.

    Args:
        streams: The broker.
        take: Gets the entries of a partition in their order; called from the threads.
        forget: Called before it begins anew.
        idle_s: See `IDLE_S`.
    """

    def __init__(
        self,
        streams: Streams,
        take: Callable[[Sequence[Delivery]], None],
        forget: Callable[[], None],
        idle_s: float = IDLE_S,
    ) -> None:
        self._streams, self._take, self._forget, self._idle_s = streams, take, forget, idle_s
        self._lock = Lock()
        self._stop = Event()
        self._stop.set()
        self._threads: list[Thread] = []
        self._wanted_s = 0.0
        self._away: set[int] = set()  # partitions that could not be read

    @property
    def is_following(self) -> bool:
        """Whether the predictions are being followed."""
        return not self._stop.is_set()

    @property
    def is_away(self) -> bool:
        """Whether the broker did not answer when it was asked last."""
        return bool(self._away)

    def want(self) -> bool:
        """Goes on for `idle_s`; returns whether this has made it begin."""
        with self._lock:
            self._wanted_s = time.monotonic()
            if self.is_following:
                return False
            self._forget()
            self._away.clear()
            self._stop = Event()
            self._threads = [
                Thread(target=self._follow, args=(each, self._stop), name=f"hearing {each}")
                for each in range(self._streams.partitions)
            ]
            for thread in self._threads:
                thread.daemon = True
                thread.start()
            return True

    def stop(self) -> None:
        """Stops, and waits until every thread has."""
        with self._lock:
            self._stop.set()
            threads = self._threads
        for thread in threads:
            thread.join()

    def _follow(self, partition: int, stop: Event) -> None:
        tail, pause = self._streams.tail(PREDICTIONS, partition), Pause(stop)
        position: EntryId | None = None
        while not stop.is_set():
            self._stop_when_idle(stop)
            try:
                position = self._step(tail, position, stop)
                self._away.discard(partition)
                pause.reset()
            except Exception as error:  # whatever it is: who watches must not see a still picture
                is_expected = isinstance(error, StreamsError)
                _log.warning("cannot follow", error=str(error), exc_info=not is_expected)
                self._away.add(partition)
                pause.wait()

    def _step(self, tail: Tail, position: EntryId | None, stop: Event) -> EntryId:
        """Reads once; returns where to go on."""
        if position is None:
            newest = tail.extent().newest
            return EntryId(max(newest.ms - RECENT_MS, 0), 0)
        deliveries = tail.read_after(position, BATCH, BLOCK_S)
        if not deliveries:  # nothing new, or the broker has been emptied and begins before it
            return min(position, tail.extent().newest)
        if not stop.is_set():
            self._take(deliveries)
        return EntryId.parse(deliveries[-1].entry_id)

    def _stop_when_idle(self, stop: Event) -> None:
        with self._lock:
            if time.monotonic() - self._wanted_s > self._idle_s:
                stop.set()

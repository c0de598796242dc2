"""Streams whose entries are all there already, so that what is measured is not the broker."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

from earshot.streams.entry import Delivery, Entry
from earshot.streams.port import Stage, Tended
from earshot.streams.topic import Topic, partition_of


class PreparedStreams:
    """As much of `Streams` as a notifier uses; what it relays is thrown away.

    Args:
        partitions: P.
        entries: Of one topic, in the order in which they were appended.
        on_end: Called once everything has been acknowledged.

    Attributes:
        taken_s: Seconds from the first read to the last acknowledgement.
    """

    def __init__(
        self, partitions: int, entries: Sequence[Entry], on_end: Callable[[], None]
    ) -> None:
        self.partitions = partitions
        self._on_end = on_end
        self._unread: list[list[Delivery]] = [[] for _ in range(partitions)]
        for number, entry in enumerate(entries):
            partition = partition_of(entry.device_id, partitions)
            self._unread[partition].append(Delivery(f"{number}-0", entry))
        self._num_pending = len(entries)
        self._lock = Lock()
        self._started_at_s: float | None = None
        self.taken_s = 0.0
        self._positions: dict[str, int] = {}

    def reader(self, stage: Stage, partition: int, consumer: str) -> PreparedReader:
        """See `Streams.reader`."""
        del stage, consumer
        return PreparedReader(self, self._unread[partition])

    def relay(
        self,
        topic: Topic[Any],
        writer: str,
        first_position: int,
        entries: Sequence[Entry],
        after_position: int | None = None,
    ) -> int:
        """See `Relay.relay`."""
        del topic, after_position
        self._positions[writer] = first_position + len(entries) - 1
        return self._positions[writer]

    def relay_position(self, topic: Topic[Any], writer: str) -> int:
        """See `Relay.relay_position`."""
        del topic
        return self._positions.get(writer, 0)

    def began(self) -> None:
        """A reader has been given entries."""
        self._started_at_s = self._started_at_s or time.monotonic()

    def acknowledged(self, num_entries: int) -> None:
        """So many entries are done with."""
        with self._lock:
            self._num_pending -= num_entries
            is_end = not self._num_pending
        if is_end and self._started_at_s is not None:
            self.taken_s = time.monotonic() - self._started_at_s
            self._on_end()


class PreparedReader:
    """One partition's reader; nothing is ever claimed from anybody."""

    def __init__(self, streams: PreparedStreams, unread: list[Delivery]) -> None:
        self._streams, self._unread = streams, unread

    def join(self) -> None:
        """See `Reader.join`."""

    def leave(self) -> None:
        """See `Reader.leave`."""

    def tend(self) -> Tended:
        """See `Reader.tend`."""
        return Tended()

    def claim(self, min_idle_s: float, count: int) -> tuple[list[Delivery], int]:
        """See `Reader.claim`."""
        del min_idle_s, count
        return [], 0

    def read(self, count: int, block_s: float) -> list[Delivery]:
        """See `Reader.read`."""
        if not self._unread:
            time.sleep(block_s)
            return []
        self._streams.began()
        found, self._unread[:count] = self._unread[:count], []
        return found

    def acknowledge(self, entry_ids: Sequence[str]) -> None:
        """See `Reader.acknowledge`."""
        self._streams.acknowledged(len(entry_ids))

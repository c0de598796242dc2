"""A stream read without a group, in memory. Ids are `<n>-0`, counted per stream."""

from __future__ import annotations

import time
from typing import Any

from earshot.streams.entry import Delivery
from earshot.streams.entry_id import EntryId
from earshot.streams.memory_broker import MemoryBroker
from earshot.streams.port import Extent
from earshot.streams.topic import Topic

LOOK_EVERY_S = 0.005


class MemoryTail:
    """Implements `Tail`; made by `MemoryStreams.tail`."""

    def __init__(self, broker: MemoryBroker, topic: Topic[Any], partition: int) -> None:
        self._broker, self._topic, self._partition = broker, topic, partition

    def extent(self) -> Extent:
        """See `Tail.extent`."""
        with self._broker.lock:
            log = self._broker.log(self._topic, self._partition)
            return Extent(EntryId(log.last_number, 0), EntryId(log.last_removed, 0))

    def read_after(self, entry_id: EntryId, count: int, block_s: float) -> list[Delivery]:
        """See `Tail.read_after`. Waits by looking again."""
        deadline_s = time.monotonic() + block_s
        while not (found := self._found(entry_id, count)) and time.monotonic() < deadline_s:
            time.sleep(LOOK_EVERY_S)
        return found

    def _found(self, entry_id: EntryId, count: int) -> list[Delivery]:
        with self._broker.lock:
            entries = self._broker.log(self._topic, self._partition).entries
            numbers = sorted(n for n in entries if EntryId(n, 0) > entry_id)[:count]
            return [Delivery(f"{n}-0", entries[n][1]) for n in numbers]

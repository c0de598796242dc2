"""The streams in memory: for unit tests, and for work that stays in one process.

The same semantics as on Redis, proved by the same contract suite; nothing survives the process.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from earshot.streams.entry import Entry
from earshot.streams.memory_broker import Group, MemoryBroker
from earshot.streams.memory_reader import MemoryReader
from earshot.streams.memory_tail import MemoryTail
from earshot.streams.policy import Policy
from earshot.streams.port import Answer, Appended, Backlog, Stage
from earshot.streams.topic import Topic, partition_of


class MemoryStreams(MemoryBroker):
    """Appender, Relay and the source of Readers."""

    def __init__(
        self, policy: Policy | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(policy, clock)
        self._last: dict[tuple[str, str, str], int] = {}
        self._positions: defaultdict[tuple[str, str], int] = defaultdict(int)

    @property
    def partitions(self) -> int:
        """Number of partitions of the deployment."""
        return self.policy.partitions

    def append(self, topic: Topic[Any], entry: Entry, *, patient: bool = False) -> Appended:
        """See `Appender.append`."""
        with self.lock:
            log = self.log(topic, partition_of(entry.device_id, self.partitions))
            key = (topic.name, entry.device_id, entry.session_id)
            expected = self._last.get(key, -1) + 1
            if entry.sequence > expected:
                known = key in self._last
                return Appended(Answer.AHEAD if known else Answer.UNKNOWN, expected)
            if entry.sequence < expected:
                return Appended(Answer.DUP, expected)
            budget_bytes = self.policy.topic_budget_bytes(topic) // (2 if patient else 1)
            if budget_bytes and log.num_bytes + entry.num_bytes > budget_bytes:
                return Appended(Answer.FULL, entry.sequence)
            log.add(entry, self.clock())
            self._last[key] = entry.sequence
            return Appended(Answer.OK, entry.sequence + 1)

    def reader(self, stage: Stage, partition: int, consumer: str) -> MemoryReader:
        """See `Streams.reader`."""
        return MemoryReader(self, stage, partition, consumer)

    def tail(self, topic: Topic[Any], partition: int) -> MemoryTail:
        """See `Streams.tail`."""
        return MemoryTail(self, topic, partition)

    def fill(self, topic: Topic[Any], partition: int) -> float:
        """See `Streams.fill`."""
        budget_bytes = self.policy.topic_budget_bytes(topic)
        with self.lock:
            return self.log(topic, partition).num_bytes / budget_bytes if budget_bytes else 0.0

    def backlog(self, topic: Topic[Any], partition: int, group: str) -> Backlog:
        """See `Streams.backlog`."""
        with self.lock:
            log = self.log(topic, partition)
            member = log.groups[group] if group in log.groups else Group()
            unread = sum(1 for number in log.entries if number > member.delivered)
            return Backlog(unread, len(member.pending))

    def relay(
        self, topic: Topic[Any], writer: str, first_position: int, entries: Sequence[Entry]
    ) -> int:
        """See `Relay.relay`."""
        with self.lock:
            for position, entry in enumerate(entries, first_position):
                if position == self._positions[topic.name, writer] + 1:
                    self.log(topic, 0).add(entry, self.clock())
                    self._positions[topic.name, writer] = position
            return self._positions[topic.name, writer]

    def relay_position(self, topic: Topic[Any], writer: str) -> int:
        """See `Relay.relay_position`."""
        with self.lock:
            return self._positions[topic.name, writer]

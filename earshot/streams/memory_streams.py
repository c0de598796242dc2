"""The streams in memory: for unit tests, and for work that stays in one process.

The same semantics as on Redis, proved by the same contract suite; nothing survives the process.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from earshot.streams.entry import Entry
from earshot.streams.memory_order import Session
from earshot.streams.memory_reader import MemoryReader
from earshot.streams.policy import Policy
from earshot.streams.port import Answer, Appended, Backlog, Stage
from earshot.streams.topic import Topic, partition_of


@dataclass
class Group:
    """A consumer group: how far it was delivered, and what is pending since when."""

    delivered: int = 0
    pending: dict[int, float] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)

    @property
    def floor(self) -> int:
        """Number of the oldest entry the group has not finished."""
        return min([self.delivered + 1, *self.pending])


@dataclass
class Log:
    """The entries of one partition of one topic, numbered from 1, and its groups."""

    entries: dict[int, tuple[float, Entry]] = field(default_factory=dict)
    last_number: int = 0
    groups: defaultdict[str, Group] = field(default_factory=lambda: defaultdict(Group))
    sessions: defaultdict[tuple[str, str, str], Session] = field(
        default_factory=lambda: defaultdict(Session)
    )
    num_bytes: int = 0

    def add(self, entry: Entry, now_s: float) -> None:
        """Adds an entry."""
        self.last_number += 1
        self.entries[self.last_number] = (now_s, entry)
        self.num_bytes += entry.num_bytes

    def remove(self, number: int) -> None:
        """Removes an entry."""
        self.num_bytes -= self.entries.pop(number)[1].num_bytes


class MemoryStreams:
    """Appender, Relay and the source of Readers; every call is atomic under one lock.

    Attributes:
        policy: The numbers of the deployment.
        clock: Seconds that never go back.
        lock: Held during every call.
        dead: Dead letters: entry (None when it was unreadable) and reason.
    """

    def __init__(
        self, policy: Policy | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.policy = policy or Policy()
        self.clock = clock
        self.lock = threading.RLock()
        self.dead: list[tuple[Entry | None, str]] = []
        self._logs: defaultdict[tuple[str, int], Log] = defaultdict(Log)
        self._last: dict[tuple[str, str, str], int] = {}
        self._positions: defaultdict[tuple[str, str], int] = defaultdict(int)

    @property
    def partitions(self) -> int:
        """Number of partitions of the deployment."""
        return self.policy.partitions

    def log(self, topic: Topic[Any], partition: int) -> Log:
        """Returns the log of one partition of a topic."""
        return self._logs[topic.name, partition if topic.partitioned else 0]

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

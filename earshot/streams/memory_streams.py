"""The streams in memory: for unit tests, and for work that stays in one process.

The same semantics as on Redis, proved by the same contract suite; nothing survives the process.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from earshot.streams.entry import Entry
from earshot.streams.entry_id import BEGINNING, EntryId
from earshot.streams.groups import GroupState
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

    def groups(self, topic: Topic[Any], partition: int) -> list[GroupState]:
        """See `Groups.groups`."""
        with self.lock:
            found = sorted(self.log(topic, partition).groups.items())
            return [self._group_state(topic, partition, *each) for each in found]

    def drop_group(self, topic: Topic[Any], partition: int, group: str) -> bool:
        """See `Groups.drop_group`."""
        with self.lock:
            return self.log(topic, partition).groups.pop(group, None) is not None

    def finished(self, topic: Topic[Any], partition: int, group: str) -> EntryId:
        """See `Streams.finished`."""
        with self.lock:
            log = self.log(topic, partition)
            if group not in log.groups:
                return BEGINNING
            sessions = [each for (name, *_), each in log.sessions.items() if name == group]
            parked = [number for each in sessions for number, _ in each.parked.values()]
            return EntryId(min([log.groups[group].floor, *parked]) - 1, 0)

    def relay(
        self,
        topic: Topic[Any],
        writer: str,
        first_position: int,
        entries: Sequence[Entry],
        after_position: int | None = None,
    ) -> int:
        """See `Relay.relay`."""
        before = first_position - 1 if after_position is None else after_position
        with self.lock:
            last = self._positions[topic.name, writer]
            for position, entry in enumerate(entries, first_position):
                if before <= last < position:
                    self.log(topic, 0).add(entry, self.clock())
                    last = self._positions[topic.name, writer] = position
            return last

    def relay_position(self, topic: Topic[Any], writer: str) -> int:
        """See `Relay.relay_position`."""
        with self.lock:
            return self._positions[topic.name, writer]

    def _group_state(
        self, topic: Topic[Any], partition: int, name: str, group: Group
    ) -> GroupState:
        asked_s = max(group.consumers.values(), default=None)
        return GroupState(
            name,
            tuple(sorted(group.consumers)),
            self.backlog(topic, partition, name).unread,
            len(group.pending),
            None if asked_s is None else self.clock() - asked_s,
            group.trimmed_past,
        )

"""What a broker remembers, in memory: logs of entries, groups, sessions, dead letters."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from earshot.streams.entry import Entry
from earshot.streams.memory_order import Session
from earshot.streams.policy import Policy
from earshot.streams.topic import Topic


@dataclass
class Group:
    """A consumer group: how far it was delivered, what is pending since when, and who reads.

    Attributes:
        delivered: Number of the last entry that was delivered.
        pending: When each pending entry was delivered last.
        holders: To whom.
        attempts: Recorded attempts, by entry id.
        consumers: When each consumer last asked for entries.
        trimmed_past: Entries removed from the oldest one on that was not acknowledged.
    """

    delivered: int = 0
    pending: dict[int, float] = field(default_factory=dict)
    holders: dict[int, str] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    consumers: dict[str, float] = field(default_factory=dict)
    trimmed_past: int = 0

    @property
    def floor(self) -> int:
        """Number of the oldest entry the group has not finished."""
        return min([self.delivered + 1, *self.pending])

    def hold(self, number: int, consumer: str, now_s: float) -> None:
        """Makes an entry pending on a consumer's name."""
        self.pending[number], self.holders[number] = now_s, consumer

    def finish(self, number: int) -> None:
        """Makes an entry pending no more."""
        self.pending.pop(number, None)
        self.holders.pop(number, None)


@dataclass
class Log:
    """The entries of one partition of one topic, numbered from 1, and its groups."""

    entries: dict[int, tuple[float, Entry]] = field(default_factory=dict)
    last_number: int = 0
    last_removed: int = 0
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
        self.last_removed = max(self.last_removed, number)
        self.num_bytes -= self.entries.pop(number)[1].num_bytes


class MemoryBroker:
    """All state, and the one lock that makes every call atomic.

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

    def log(self, topic: Topic[Any], partition: int) -> Log:
        """Returns the log of one partition of a topic."""
        return self._logs[topic.name, partition if topic.partitioned else 0]

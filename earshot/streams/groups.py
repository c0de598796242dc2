"""What is known of consumer groups: a part of the port, for those who look after a system."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from earshot.streams.topic import Topic


@dataclass(frozen=True, slots=True)
class GroupState:
    """How a group stands in one partition of a topic.

    Attributes:
        name: The group.
        consumers: Who reads for it: those who have not left.
        unread: Entries not delivered yet.
        pending: Entries delivered and not acknowledged.
        idle_s: Since one of the consumers last asked for entries; None when there are none.
        trimmed_past: Entries removed from the oldest one on that it had not acknowledged.
    """

    name: str
    consumers: tuple[str, ...]
    unread: int
    pending: int
    idle_s: float | None
    trimmed_past: int


class Groups(Protocol):
    """Looks after groups. Every method may raise BrokerAway, and BrokerRefused."""

    def groups(self, topic: Topic[Any], partition: int) -> list[GroupState]:
        """Returns how each group stands, in the order of their names."""

    def drop_group(self, topic: Topic[Any], partition: int, group: str) -> bool:
        """Forgets a group and what was pending in it; returns whether it was there.

        A consumer of it that still runs makes it anew, at the stream's beginning.
        """

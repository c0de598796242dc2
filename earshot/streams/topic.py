"""Topics: the named streams of the system, their keys, and which partition a device belongs to."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from earshot.streams.entry import Entry

TopicMessage = TypeVar("TopicMessage")


@dataclass(frozen=True, slots=True)
class Topic(Generic[TopicMessage]):
    """A stream's name, its codec and its policy. One stream per partition, or one in all.

    Attributes:
        name: Last part of the key.
        encode: Message to entry.
        decode: Entry to message; raises BadMessage.
        owner: The group that must have acknowledged an entry before it is trimmed; empty when
            nobody owns the stream and only age trims it.
        budget_share: Its share of the deployment's stream budget, 0 to 1; 0 means no budget.
        carries_context: Whether the hand-off into it adds the codes of the patches before.
        partitioned: False for the one stream that all partitions share.
    """

    name: str
    encode: Callable[[TopicMessage], Entry] = field(repr=False)
    decode: Callable[[Entry], TopicMessage] = field(repr=False)
    owner: str = ""
    budget_share: float = 0.0
    carries_context: bool = False
    partitioned: bool = True


@dataclass(frozen=True, slots=True)
class Keys:
    """Every key of one partition of one topic. All of them share one hash tag, hence one shard.

    Attributes:
        stream: The stream itself.
        side: What the keys beside it begin with.
        dead: The dead letters of the partition.
    """

    stream: str
    side: str
    dead: str

    @classmethod
    def of(cls, topic: Topic[Any], partition: int, prefix: str) -> Keys:
        """Returns the keys of a partition; those of a shared stream ignore the partition."""
        if topic.partitioned:
            base = f"{prefix}:{{p{partition:02d}}}"
            return cls(f"{base}:{topic.name}", f"{base}:{topic.name}", f"{base}:dead")
        # The tag of the side keys is the stream's whole name, so they land on its slot.
        tag = f"{{{prefix}:{topic.name}}}"
        return cls(f"{prefix}:{topic.name}", tag, f"{tag}:dead")

    @property
    def totals(self) -> str:
        """Hash: running byte totals, `added` and `trimmed`; the last id `removed`; trimmed past."""
        return f"{self.side}:totals"

    @staticmethod
    def trimmed_past(group: str) -> str:
        """Field of the totals: how many entries a guest was trimmed past."""
        return f"past:{group}"

    def last(self, device_id: str, session_id: str) -> str:
        """Last sequence that a producer's session appended."""
        return f"{self.side}:last:{device_id}:{session_id}"

    def state(self, group: str, device_id: str, session_id: str) -> str:
        """Hand-off state of a session: `next`, parked entries, context."""
        return f"{self.side}:{group}:state:{device_id}:{session_id}"

    def parked(self, group: str) -> str:
        """Hash of sessions that wait for a missing sequence: id of their first parked entry."""
        return f"{self.side}:{group}:parked"

    def attempts(self, group: str) -> str:
        """Hash of recorded attempts: entry id to count."""
        return f"{self.side}:{group}:attempts"

    def position(self, writer: str) -> str:
        """How far a relay has written into this stream."""
        return f"{self.side}:position:{writer}"


def partition_of(device_id: str, partitions: int) -> int:
    """Returns the partition of a device: the same for every process, version and machine."""
    digest = hashlib.blake2b(device_id.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % partitions

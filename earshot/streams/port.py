"""What the streams offer: the port that Redis and memory both implement.

Small roles, so that each part names what it needs: `Appender` for producers, `Reader` for
consumers, `Relay` for the writers of the events stream, `Tail` for those who watch it without a
group, `Groups` for those who look after the system. One contract suite tests both adapters.
Every method may raise BrokerAway, and BrokerRefused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

from earshot.streams.entry import Delivery, Entry
from earshot.streams.entry_id import EntryId
from earshot.streams.groups import Groups
from earshot.streams.topic import Topic


class Answer(Enum):
    """What became of an append."""

    OK = "OK"
    DUP = "DUP"  # this sequence is already there: done
    AHEAD = "AHEAD"  # a sequence before it is missing: send from `next`
    UNKNOWN = "UNKNOWN"  # the session is not known here: start a new one
    FULL = "FULL"  # over budget: wait, or spool


@dataclass(frozen=True, slots=True)
class Appended:
    """An append's answer, and the sequence the session has to send next."""

    answer: Answer
    next_sequence: int


class HandOff(Enum):
    """What became of a hand-off."""

    DONE = "DONE"  # added to the output, with all that waited for it
    PARKED = "PARKED"  # waits for a sequence before it
    DUPLICATE = "DUPLICATE"  # was handed off before: dropped
    GONE = "GONE"  # no longer pending: somebody else did it
    PARK_FULL = "PARK_FULL"  # too much is waiting: still pending, try again later


@dataclass(frozen=True, slots=True)
class Stage:
    """A consumer group between two topics; `target` is None for one that publishes nothing."""

    source: Topic[Any]
    group: str
    target: Topic[Any] | None = None


@dataclass(frozen=True, slots=True)
class Tended:
    """What one round of housekeeping did.

    Attributes:
        skipped: Sequences that could no longer come and were replaced by tombstones.
        trimmed: Entries removed from the source stream.
        trimmed_past: Per guest group, entries it had not read when they were removed.
    """

    skipped: int = 0
    trimmed: int = 0
    trimmed_past: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a group has not finished: entries not yet delivered, and delivered but pending."""

    unread: int
    pending: int


class Continuity(Enum):
    """Whether a reader without a group can go on after the last entry it knows."""

    WHOLE = "whole"  # everything that was added after it is there
    TRIMMED = "trimmed"  # something that was added after it has been removed
    AHEAD = "ahead"  # the stream has not come that far: the broker was emptied or restored


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a stream reaches.

    Attributes:
        newest: The last entry that was added, whether it is still there or not.
        removed: The last of the entries that were removed.
    """

    newest: EntryId
    removed: EntryId

    def continuity(self, entry_id: EntryId) -> Continuity:
        """Returns whether anything that was added after an entry is missing."""
        if entry_id > self.newest:
            return Continuity.AHEAD
        return Continuity.TRIMMED if entry_id < self.removed else Continuity.WHOLE


class Appender(Protocol):
    """The producer's side."""

    def append(self, topic: Topic[Any], entry: Entry, *, patient: bool = False) -> Appended:
        """Adds an entry if its sequence is the session's next and the budget allows it.

        A `patient` sender (a file, a replay, a spool) gets FULL at half of the budget.
        """


class Reader(Protocol):
    """One consumer of a stage's group in one partition. Used from one thread."""

    def join(self) -> None:
        """Creates the group at the stream's beginning, and the stream, unless they exist."""

    def read(self, count: int, block_s: float) -> list[Delivery]:
        """Returns up to `count` new entries; waits up to `block_s` for the first, 0: not at all."""

    def claim(self, min_idle_s: float, count: int) -> tuple[list[Delivery], int]:
        """Takes over pending entries idle for `min_idle_s`, oldest first, one's own included.

        Returns:
            The entries, and how many pending ones were gone from the stream (trimmed unread).
        """

    def begin_attempt(self, entry_id: str) -> int:
        """Records that a suspect is about to be handled; returns how many attempts that makes."""

    def withdraw_attempt(self, entry_id: str) -> None:
        """Takes the record back: the attempt ended for a reason outside the entry."""

    def hand_off(self, results: Sequence[tuple[str, Entry]]) -> list[HandOff]:
        """Publishes one result per pending entry, in order and once, and acknowledges it."""

    def acknowledge(self, entry_ids: Sequence[str]) -> None:
        """Acknowledges entries of a stage without target, and clears their attempts."""

    def bury(self, delivery: Delivery, reason: str) -> HandOff:
        """Makes a dead letter of a pending entry; its sequence goes on as a tombstone."""

    def tend(self) -> Tended:
        """Skips what can no longer come, and trims what every owner has acknowledged."""

    def leave(self) -> None:
        """Forgets this consumer at its clean exit, unless entries are pending on its name."""


class Relay(Protocol):
    """The writer's side of a stream that several writers number on their own."""

    def relay(
        self,
        topic: Topic[Any],
        writer: str,
        first_position: int,
        entries: Sequence[Entry],
        after_position: int | None = None,
    ) -> int:
        """Adds each entry whose position is above the writer's last, unless some are missing.

        Args:
            topic: Of the stream.
            writer: Whose positions.
            first_position: Of the first entry; those of the others follow it without a gap.
            entries: What to add.
            after_position: What the writer must have come to for any of them to be added; None:
                the position right before. A lower one says that there is nothing in between.

        Returns:
            The writer's last position.
        """

    def relay_position(self, topic: Topic[Any], writer: str) -> int:
        """Returns the writer's last position; 0 when the broker knows none."""


class Tail(Protocol):
    """A stream read without a group: nothing is pending, nothing is held back from trimming.

    To know that nothing was missed, ask for the extent after a read: what was still there then was
    there when it was read. Safe to use from threads.
    """

    def extent(self) -> Extent:
        """Returns how far the stream reaches; from and to the beginning before its first entry."""

    def read_after(self, entry_id: EntryId, count: int, block_s: float) -> list[Delivery]:
        """Returns up to `count` entries after this one, in order.

        Waits up to `block_s` for the first of them; 0: not at all.
        """


class Streams(Appender, Relay, Groups, Protocol):
    """All of it."""

    @property
    def partitions(self) -> int:
        """Number of partitions of the deployment."""

    def reader(self, stage: Stage, partition: int, consumer: str) -> Reader:
        """Returns the reader of one partition under a consumer's name."""

    def tail(self, topic: Topic[Any], partition: int) -> Tail:
        """Returns what reads one partition without a group."""

    def fill(self, topic: Topic[Any], partition: int) -> float:
        """Returns the used share of the partition's byte budget; 0 without a budget."""

    def backlog(self, topic: Topic[Any], partition: int, group: str) -> Backlog:
        """Returns what a group has not finished."""

    def finished(self, topic: Topic[Any], partition: int, group: str) -> EntryId:
        """Returns up to which entry a group has acknowledged, and handed on, everything.

        What waits in a hand-off for a sequence before it is not handed on. Before the group has
        come, it is the beginning.
        """

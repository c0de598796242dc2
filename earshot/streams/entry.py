"""One entry of a stream, as it is added and as it is delivered."""

from __future__ import annotations

from dataclasses import dataclass

GAP = "gap"
END_OF_SESSION = "end_of_session"
TOMBSTONE = "tombstone"
POISON = "poison"


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands in a stream: who, where in the session, and bytes nobody here looks into.

    Attributes:
        device_id: Name of the source; together with `session_id` the unit of order.
        session_id: One run of the source.
        sequence: 0, 1, 2 … contiguous within the session.
        flags: Words; the streams know `gap`, `end_of_session`, `tombstone`, and `poison` on the
            tombstone of a dead letter.
        body: The message; empty in a tombstone.
        codes: Embedding codes that travel beside the body.
        context: Codes of the patches right before, written by the hand-off.
    """

    device_id: str
    session_id: str
    sequence: int
    flags: frozenset[str] = frozenset()
    body: bytes = b""
    codes: bytes = b""
    context: bytes = b""

    @property
    def is_tombstone(self) -> bool:
        """Whether this stands for a message that was lost, and has no body."""
        return TOMBSTONE in self.flags

    @property
    def num_bytes(self) -> int:
        """Payload bytes, as the budgets count them (without the fixed cost of an entry)."""
        return len(self.body) + len(self.codes) + len(self.context)


@dataclass(frozen=True, slots=True)
class Delivery:
    """An entry handed to one consumer of a group, pending until it is acknowledged.

    Attributes:
        entry_id: The broker's id of the entry, `<ms>-<n>`.
        entry: What was read, or None when the fields make no entry.
        problem: Why they do not; empty otherwise.
    """

    entry_id: str
    entry: Entry | None
    problem: str = ""

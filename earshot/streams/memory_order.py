"""The rule of order for one session, in memory: next is emitted, later parked, earlier dropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from earshot.streams.entry import GAP, TOMBSTONE, Entry
from earshot.streams.port import HandOff


@dataclass
class Session:
    """Hand-off state of one (stage, device, session).

    Attributes:
        next: Sequence to emit next; None before the first.
        parked: Sequence to (entry number, entry) of what waits.
        ready: Entries in order, not yet published.
        context: Codes of the patches before.
    """

    next: int | None = None
    parked: dict[int, tuple[int, Entry]] = field(default_factory=dict)
    ready: list[Entry] = field(default_factory=list)
    context: bytes = b""

    def take(self, number: int, entry: Entry, park_limit: int) -> HandOff:
        """Applies the rule to one entry."""
        expected = self.next or 0
        if entry.sequence < expected or entry.sequence in self.parked:
            return HandOff.DUPLICATE
        if entry.sequence > expected:
            if len(self.parked) >= park_limit:
                return HandOff.PARK_FULL
            self.parked[entry.sequence] = (number, entry)
            return HandOff.PARKED
        self.ready.append(entry)
        self.next = entry.sequence + 1
        self._release()
        return HandOff.DONE

    def skip(self, oldest_pending: int | None) -> int:
        """Goes on without what can no longer come; returns how many tombstones that took."""
        if not self.parked:
            return 0
        first = min(self.parked)
        number, entry = self.parked[first]
        if oldest_pending is not None and oldest_pending < number:
            return 0
        skipped = 0
        if self.next is None:
            self.parked[first] = (number, replace(entry, flags=entry.flags | {GAP}))
        else:
            flags, who = frozenset({GAP, TOMBSTONE}), (entry.device_id, entry.session_id)
            self.ready += [Entry(*who, sequence, flags) for sequence in range(self.next, first)]
            skipped = first - self.next
        self.next = first
        self._release()
        return skipped

    def _release(self) -> None:
        while self.next in self.parked:
            self.ready.append(self.parked.pop(self.next)[1])
            self.next += 1


def emitted(session: Session, context_bytes: int) -> Iterator[Entry]:
    """Yields what is ready, each with its context, and empties it."""
    for entry in session.ready:
        if GAP in entry.flags:
            session.context = b""
        if context_bytes and entry.codes:
            yield replace(entry, context=session.context)
        else:
            yield replace(entry, context=b"")
        if context_bytes:
            session.context = (session.context + entry.codes)[-context_bytes:]
    session.ready.clear()

"""Which events a reader asks for, and the cursor that leads to the next page of them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass

from earshot.events.event import EventState
from earshot.store.errors import BadQuery

MAX_NS = 2**63 - 1


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What an event must be to be listed; empty fields ask for nothing.

    Attributes:
        device_ids: Heard by one of these devices.
        labels: Of one of these labels.
        from_ns: Lasted beyond this moment or still lasts; UTC nanoseconds.
        to_ns: Began before this moment; UTC nanoseconds.
        min_score: Peak score at least this, 0 to 1.
        states: In one of these states.

    Raises:
        BadQuery: A time, a score or a text that no event can have.
    """

    device_ids: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    from_ns: int | None = None
    to_ns: int | None = None
    min_score: float | None = None
    states: tuple[EventState, ...] = ()

    def __post_init__(self) -> None:
        for name, moment_ns in (("from", self.from_ns), ("to", self.to_ns)):
            if moment_ns is not None and not -MAX_NS <= moment_ns <= MAX_NS:
                raise BadQuery(f"{name}: {moment_ns} ns is out of range; allowed: years 1678-2262")
        if self.min_score is not None and not 0.0 <= self.min_score <= 1.0:
            raise BadQuery(f"min_score: {self.min_score} is out of range; allowed: 0 to 1")
        if any("\x00" in text for text in self.device_ids + self.labels):
            raise BadQuery("device, label: the character NUL is not allowed")

    def digest(self) -> str:
        """Returns eight digits that tell this filter from another."""
        states = [state.value for state in self.states]
        parts = [self.device_ids, self.labels, self.from_ns, self.to_ns, self.min_score, states]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last event of a page; the next page begins after it."""

    onset_at_ns: int
    event_id: str

    def encode(self, query: EventFilter) -> str:
        """Returns it as the opaque text that clients hand back."""
        parts = [self.onset_at_ns, self.event_id, query.digest()]
        return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str, query: EventFilter) -> Cursor:
        """Returns the cursor that `encode` wrote.

        Raises:
            BadQuery: Not written by `encode`, or for another filter.
        """
        try:
            padded = text.encode("ascii") + b"=" * (-len(text) % 4)
            onset_at_ns, event_id, digest = json.loads(base64.urlsafe_b64decode(padded))
        except (ValueError, TypeError, binascii.Error, RecursionError):
            raise BadQuery("cursor: not one of ours; take it from the page before") from None
        if digest != query.digest():
            raise BadQuery("cursor: belongs to another query; keep the filters of the page before")
        is_moment = type(onset_at_ns) is int and abs(onset_at_ns) <= MAX_NS
        if not is_moment or type(event_id) is not str or not event_id.isalnum():
            raise BadQuery("cursor: not one of ours; take it from the page before")
        return cls(onset_at_ns, event_id)

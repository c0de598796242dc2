"""The cursor that leads to the next page of events."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass

from earshot.events.event import SoundEvent
from earshot.store.errors import BadQuery
from earshot.store.filter import MAX_NS, EventFilter


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last event of a page; the next page begins after it."""

    onset_at_ns: int
    event_id: str

    @classmethod
    def after(cls, event: SoundEvent) -> Cursor:
        """Returns the cursor to what comes after an event."""
        return cls(event.onset_at_ns, event.event_id)

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

"""Entries of the events stream as the live feed sends them, and which of them a client wants."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import structlog

from earshot.store.text_match import is_in_id, is_in_name
from earshot.streams.entry import Delivery
from earshot.streams.entry_id import EntryId

TagsOf: TypeAlias = Callable[[Collection[str]], Mapping[str, frozenset[str]]]
"""The tags that devices have now, by id; raises StoreUnavailable while nobody can say."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """One revision, decoded once for all clients.

    Attributes:
        entry_id: Where it stands in the stream.
        frame: What is sent: the message of the event stream, body and all.
        device_id: The device that heard it.
        label: What it is.
        category: The label's category.
        site: Where the device stands.
        priority: How severe the label is.
        scene: The scene it happens in.
        origin: `model` or `human`.
        state: `started`, `updated` or `ended`.
        peak_score: 0 to 1.
        tags: Tags of the device; None while nobody has looked.
    """

    entry_id: EntryId
    frame: bytes
    device_id: str
    label: str
    category: str
    site: str
    priority: str
    scene: str
    origin: str
    state: str
    peak_score: float
    tags: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class LiveFilter:
    """What an event must be to be sent; empty fields ask for nothing.

    Attributes:
        device_ids: Heard by one of these devices.
        labels: Of one of these labels.
        categories: Of one of these categories.
        states: In one of these states.
        sites: Heard at one of these sites.
        priorities: Of one of these priorities.
        scenes: In one of these scenes.
        origins: Said by one of these.
        min_score: Peak score at least this, 0 to 1.
        tags: Heard by a device that has one of these tags now.
        text: Part of its label, device or site, in upper or lower case.
    """

    device_ids: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    sites: frozenset[str] = frozenset()
    priorities: frozenset[str] = frozenset()
    scenes: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    min_score: float = 0.0
    tags: frozenset[str] = frozenset()
    text: str = ""

    def matches(self, event: LiveEvent) -> bool:
        """Returns whether an event is wanted; where tags are asked for, it must have its own."""
        asked = (
            (self.device_ids, event.device_id),
            (self.labels, event.label),
            (self.categories, event.category),
            (self.states, event.state),
            (self.sites, event.site),
            (self.priorities, event.priority),
            (self.scenes, event.scene),
            (self.origins, event.origin),
        )
        is_among = all(not wanted or value in wanted for wanted, value in asked)
        if not is_among or event.peak_score < self.min_score:
            return False
        is_tagged = not self.tags or not self.tags.isdisjoint(event.tags or ())
        return is_tagged and (not self.text or _has_text(event, self.text))


def with_tags(events: Sequence[LiveEvent], tags_of: TagsOf) -> list[LiveEvent]:
    """Returns the events with the tags that their devices have now.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    found = tags_of({event.device_id for event in events})
    return [replace(event, tags=found[event.device_id]) for event in events]


def live_events(deliveries: Iterable[Delivery]) -> list[LiveEvent]:
    """Returns the events among entries; what is none is logged and left out."""
    events = []
    for delivery in deliveries:
        try:
            if delivery.entry is None:
                raise ValueError(delivery.problem)
            events.append(_live_event(EntryId.parse(delivery.entry_id), delivery.entry.body))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            _log.error("not a sound event", entry=delivery.entry_id, reason=repr(error))
    return events


def _live_event(entry_id: EntryId, body: bytes) -> LiveEvent:
    data: dict[str, Any] = json.loads(body)["data"]
    return LiveEvent(
        entry_id,
        message("sound", body, entry_id),
        str(data["device_id"]),
        str(data["label"]),
        str(data["category"]),
        str(data["site"]),
        str(data["priority"]),
        str(data["scene"]),
        str(data["origin"]),
        str(data["state"]),
        float(data["peak_score"]),
    )


def _has_text(event: LiveEvent, text: str) -> bool:
    """As `match_text` finds events in the database."""
    is_named = is_in_name(text, event.label) or is_in_name(text, event.site)
    return is_named or is_in_id(text, event.device_id)


def message(event: str, data: bytes, entry_id: EntryId | None = None) -> bytes:
    """Returns a message of the event stream format.

    A line break in the data, which JSON allows between tokens, begins another `data:` line.
    Source: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream.
    """
    resume = b"" if entry_id is None else resume_point(entry_id)
    lines = b"".join(b"data: %b\n" % line for line in data.splitlines())
    return b"%bevent: %b\n%b\n" % (resume, event.encode(), lines)


def resume_point(entry_id: EntryId) -> bytes:
    """Returns the line that makes an id the client's Last-Event-ID."""
    return b"id: %b\n" % str(entry_id).encode()

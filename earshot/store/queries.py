"""The read side: events, their revisions, and devices. Each call is one short transaction.

All of them raise `StoreUnavailable` while the database does not answer.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Engine, RowMapping, Select, or_, select, tuple_

from earshot.events.event import EventState, SoundEvent
from earshot.store import rows
from earshot.store.engine import reading
from earshot.store.errors import BadQuery
from earshot.store.filter import Cursor, EventFilter
from earshot.store.tables import devices, events, revisions

MAX_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, newest onset first.

    Attributes:
        events: At most `limit` of them, each in its newest revision.
        next_cursor: Leads to the page after this one; None when there is none.
    """

    events: tuple[SoundEvent, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class EventHistory:
    """One event and how it became what it is.

    Attributes:
        event: Its newest revision.
        revisions: CloudEvents 1.0 JSON of each revision, oldest first, as it was sent.
    """

    event: SoundEvent
    revisions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Device:
    """A device that has been heard.

    Attributes:
        id: Its name.
        site: Where it stands; empty when nobody said.
        tags: Free words about it.
        policy: What may be done with its sound; empty for the deployment's default.
        first_seen_at_ns: Capture time of its first message, UTC nanoseconds.
        last_heard_at_ns: Capture time of its newest message, UTC nanoseconds.
    """

    id: str
    site: str
    tags: tuple[str, ...]
    policy: dict[str, Any]
    first_seen_at_ns: int
    last_heard_at_ns: int


def list_events(
    engine: Engine, query: EventFilter, limit: int = 50, cursor: str | None = None
) -> EventPage:
    """Returns the events that pass the filter, newest onset first.

    Args:
        engine: Where they are kept.
        query: What they must be.
        limit: How many at most, 1 to 1000.
        cursor: `next_cursor` of the page before, of the same filter; None for the first page.

    Raises:
        BadQuery: A limit out of range, or a cursor of another filter or of nobody.
    """
    _check_limit(limit)
    newest_first = (events.c.onset_at_ns.desc(), events.c.event_id.desc())
    statement = select(events).where(*_conditions(query)).order_by(*newest_first)
    if cursor is not None:
        last = Cursor.decode(cursor, query)
        key = tuple_(events.c.onset_at_ns, events.c.event_id)
        statement = statement.where(key < tuple_(last.onset_at_ns, last.event_id))
    found = [rows.from_row(row) for row in _fetch(engine, statement.limit(limit + 1))]
    page = tuple(found[:limit])
    if len(found) <= limit:
        return EventPage(page, None)
    return EventPage(page, Cursor(page[-1].onset_at_ns, page[-1].event_id).encode(query))


def get_event(engine: Engine, event_id: str) -> EventHistory | None:
    """Returns an event with all its revisions, or None when there is no such event."""
    if "\x00" in event_id:
        return None
    history = (
        select(revisions.c.body)
        .where(revisions.c.event_id == event_id)
        .order_by(revisions.c.revision)
    )
    with reading(engine) as connection:
        row = connection.execute(select(events).where(events.c.event_id == event_id)).mappings()
        event = row.one_or_none()
        if event is None:
            return None
        bodies = connection.execute(history).scalars().all()
    return EventHistory(rows.from_row(event), tuple(bodies))


def list_devices(engine: Engine, limit: int = 1000, after: str = "") -> tuple[Device, ...]:
    """Returns devices by id, those after the id `after`.

    Raises:
        BadQuery: A limit outside 1 to 1000.
    """
    _check_limit(limit)
    if "\x00" in after:
        raise BadQuery("after: the character NUL is not allowed")
    statement = select(devices).where(devices.c.id > after).order_by(devices.c.id).limit(limit)
    return tuple(_device(row) for row in _fetch(engine, statement))


def get_device(engine: Engine, device_id: str) -> Device | None:
    """Returns one device, or None when it was never heard."""
    if "\x00" in device_id:
        return None
    found = _fetch(engine, select(devices).where(devices.c.id == device_id))
    return _device(found[0]) if found else None


def _conditions(query: EventFilter) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool] | None] = [
        events.c.device_id.in_(query.device_ids) if query.device_ids else None,
        events.c.label.in_(query.labels) if query.labels else None,
        events.c.state.in_([state.value for state in query.states]) if query.states else None,
        events.c.peak_score >= query.min_score if query.min_score is not None else None,
        events.c.onset_at_ns < query.to_ns if query.to_ns is not None else None,
        _lasts_beyond(query.from_ns) if query.from_ns is not None else None,
    ]
    return [condition for condition in wanted if condition is not None]


def _lasts_beyond(moment_ns: int) -> ColumnElement[bool]:
    # Of an event that has not ended, offset_at_ns is only the end known so far.
    ended = events.c.state == EventState.ENDED.value
    return or_(events.c.offset_at_ns > moment_ns, ~ended)


def _fetch(engine: Engine, statement: Select[Any]) -> list[RowMapping]:
    with reading(engine) as connection:
        return list(connection.execute(statement).mappings())


def _device(row: RowMapping) -> Device:
    values = {field.name: row[field.name] for field in fields(Device)}
    return Device(**{**values, "tags": tuple(row["tags"])})


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= MAX_LIMIT:
        raise BadQuery(f"limit: {limit} is out of range; allowed: 1 to {MAX_LIMIT}")

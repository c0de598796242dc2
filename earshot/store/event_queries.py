"""Reads events and their revisions. Each call is one short transaction.

All of them raise `StoreUnavailable` while the database does not answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Engine, select

from earshot.events.event import SoundEvent
from earshot.store import rows
from earshot.store.cursor import Cursor
from earshot.store.engine import reading
from earshot.store.errors import BadQuery
from earshot.store.event_walks import page_statement
from earshot.store.filter import EventFilter
from earshot.store.tables import events, revisions

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
        BadQuery: A limit out of range, a cursor of another filter or of nobody, or a text that too
            many names have.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise BadQuery(f"limit: {limit} is out of range; allowed: 1 to {MAX_LIMIT}")
    after = None if cursor is None else Cursor.decode(cursor, query)
    with reading(engine) as connection:
        statement = page_statement(connection, query, limit + 1, after)
        found = [rows.from_row(row) for row in connection.execute(statement).mappings()]
    page = tuple(found[:limit])
    is_last = len(found) <= limit
    return EventPage(page, None if is_last else Cursor.after(page[-1]).encode(query))


def walk_events(
    engine: Engine, query: EventFilter, cursor: str | None = None
) -> Iterator[tuple[SoundEvent, ...]]:
    """Yields all events that pass the filter, newest onset first, a page at a time.

    Between pages it holds neither a connection nor a transaction, so that a slow reader keeps
    nothing busy; what begins meanwhile is left out.

    Args:
        engine: Where they are kept.
        query: What they must be.
        cursor: Where to begin, as for `list_events`.

    Raises:
        BadQuery: As `list_events`.
    """
    while True:
        page = list_events(engine, query, MAX_LIMIT, cursor)
        yield page.events
        cursor = page.next_cursor
        if cursor is None:
            return


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

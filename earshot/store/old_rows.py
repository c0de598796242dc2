"""Rows that are too old, and their deletion as statements inside one transaction."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, and_, delete, exists, null, select, tuple_

from earshot.events.event import EventState
from earshot.events.listening import MAX_STRETCH_NS
from earshot.store.kept_embeddings import MINUTE_NS
from earshot.store.tables import audit, coverage, embeddings, events, revisions, sessions
from earshot.store.unindexed import Unindexed

MAX_ROWS = 500
MAX_EVENTS = 100  # each with a few revisions
_ULID_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def delete_events(connection: Connection, event_ids: Sequence[str]) -> dict[str, int]:
    """Deletes events with their revisions; returns how many rows of each table."""
    sent = connection.execute(delete(revisions).where(revisions.c.event_id.in_(event_ids)))
    gone = connection.execute(delete(events).where(events.c.event_id.in_(event_ids)))
    return {"events": gone.rowcount, "revisions": sent.rowcount}


def delete_ended_events(
    connection: Connection, before_ns: int, partition: int, relayed_position: int
) -> dict[str, int]:
    """Deletes up to `MAX_EVENTS` events that have ended, if the broker has all their revisions."""
    ours = and_(revisions.c.event_id == events.c.event_id, revisions.c.partition == partition)
    old = (
        select(events.c.event_id)
        .where(events.c.state == EventState.ENDED.value, events.c.onset_at_ns < before_ns)
        .where(exists().where(ours), ~exists().where(ours, revisions.c.position > relayed_position))
        .order_by(events.c.onset_at_ns)
        .limit(MAX_EVENTS)
    )
    return delete_events(connection, connection.execute(old).scalars().all())


def delete_sessions(connection: Connection, before_ns: int, partition: int) -> int:
    """Deletes up to `MAX_ROWS` sessions that are closed, and of which nothing was heard since."""
    mine = and_(
        coverage.c.device_id == sessions.c.device_id, coverage.c.session_id == sessions.c.session_id
    )
    heard = coverage.c.begin_at_ns > before_ns - MAX_STRETCH_NS
    open_event = and_(
        Unindexed(events.c.device_id) == sessions.c.device_id,
        events.c.session_id == sessions.c.session_id,
        events.c.state.in_([EventState.STARTED.value, EventState.UPDATED.value]),
    )
    key = tuple_(sessions.c.device_id, sessions.c.session_id)
    over = (
        select(sessions.c.device_id, sessions.c.session_id)
        .correlate(None)
        .where(sessions.c.partition == partition, sessions.c.listening.is_(null()))
        .where(sessions.c.session_id < _first_ulid(before_ns))
        .where(~exists().where(mine, heard, coverage.c.end_at_ns >= before_ns))
        .where(~exists().where(open_event))
        .limit(MAX_ROWS)
    )
    return connection.execute(delete(sessions).where(key.in_(over))).rowcount


def delete_embeddings(connection: Connection, before_ns: int) -> int:
    """Deletes up to `MAX_ROWS` minutes of embeddings."""
    columns = list(embeddings.primary_key.columns)
    minute_at_ns = embeddings.c.minute_at_ns
    old = select(*columns).correlate(None).where(minute_at_ns <= before_ns - MINUTE_NS)
    some = old.order_by(minute_at_ns).limit(MAX_ROWS)
    return connection.execute(delete(embeddings).where(tuple_(*columns).in_(some))).rowcount


def delete_coverage(connection: Connection, before_ns: int) -> int:
    """Deletes up to `MAX_ROWS` stretches of coverage."""
    columns = list(coverage.primary_key.columns)
    begin_at_ns = coverage.c.begin_at_ns
    old = select(*columns).correlate(None).where(begin_at_ns <= before_ns - MAX_STRETCH_NS)
    some = old.order_by(begin_at_ns).limit(MAX_ROWS)
    return connection.execute(delete(coverage).where(tuple_(*columns).in_(some))).rowcount


def delete_audit(connection: Connection, before_ns: int) -> int:
    """Deletes up to `MAX_ROWS` entries of the log of changes."""
    # Ids grow with time: looking at the first ones spares an index.
    first = select(audit.c.id, audit.c.at_ns).order_by(audit.c.id).limit(MAX_ROWS).subquery()
    old = select(first.c.id).where(first.c.at_ns < before_ns)
    return connection.execute(delete(audit).where(audit.c.id.in_(old))).rowcount


def _first_ulid(at_ns: int) -> str:
    """Returns what sorts before each ULID made at that moment or later.

    Ten digits of base 32 are the milliseconds. Source: https://github.com/ulid/spec.
    """
    at_ms = max(at_ns, 0) // 1_000_000
    return "".join(_ULID_DIGITS[at_ms >> shift & 31] for shift in range(45, -1, -5))

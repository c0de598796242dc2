"""How long things are kept, and the deletion of what is older: a little at a time.

Age counts from when the sound was captured, in the log of changes from the change. Each deletion
is a transaction of its own over few rows, so that nobody waits long for SQLite's lock.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine

from earshot.length_of_time import DAY_S
from earshot.store import old_rows
from earshot.store.engine import writing

_NS_PER_S = 1_000_000_000
_OF_A_PARTITION = ("events", "sessions")
_OF_NONE = {
    "embeddings": old_rows.delete_embeddings,
    "coverage": old_rows.delete_coverage,
    "audit": old_rows.delete_audit,
}


@dataclass(frozen=True, slots=True)
class Retention:
    """How long each table keeps its rows, in seconds.

    Attributes:
        events_s: Events that have ended, with their revisions.
        embeddings_s: What was heard, as codes; 0: none are kept in the first place.
        sessions_s: How far sessions have been worked off, once they are over.
        coverage_s: What was heard of each device, and when.
        audit_s: The log of changes.
    """

    events_s: int = 365 * DAY_S
    embeddings_s: int = DAY_S
    sessions_s: int = 30 * DAY_S
    coverage_s: int = 365 * DAY_S
    audit_s: int = 365 * DAY_S

    def begins_at_ns(self, table: str, now_ns: int) -> int:
        """Returns the moment before which rows of a table are too old, UTC nanoseconds."""
        kept_s: int = getattr(self, f"{table}_s")
        return now_ns - kept_s * _NS_PER_S


FOR_A_YEAR = Retention()
"""The default: a year, what was heard a day."""


@dataclass(frozen=True, slots=True)
class Deleted:
    """What one transaction deleted.

    Attributes:
        rows: How many, by table.
        may_be_more: Whether it was as much as one transaction may delete.
    """

    rows: dict[str, int]
    may_be_more: bool


def tables_of(partition: int) -> tuple[str, ...]:
    """Returns whose old rows the holder of a partition deletes.

    Events and sessions are of a partition; the first one's holder cares for the other tables.
    """
    return (*_OF_A_PARTITION, *(_OF_NONE if partition == 0 else ()))


def delete_old(
    engine: Engine, table: str, before_ns: int, partition: int, relayed_position: int
) -> Deleted:
    """Deletes some of a table's rows that are too old.

    Args:
        engine: The database.
        table: One of `tables_of`.
        before_ns: Before when a row is too old, UTC nanoseconds.
        partition: Whose events or sessions.
        relayed_position: The last position of the partition that the broker has: an event stays
            until the broker has all its revisions.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    with writing(engine) as connection:
        if table == "events":
            rows = old_rows.delete_ended_events(connection, before_ns, partition, relayed_position)
            return Deleted(rows, rows["events"] >= old_rows.MAX_EVENTS)
        if table == "sessions":
            num_rows = old_rows.delete_sessions(connection, before_ns, partition)
        else:
            num_rows = _OF_NONE[table](connection, before_ns)
    return Deleted({table: num_rows}, num_rows >= old_rows.MAX_ROWS)

"""What was heard of a device and when: stretches written with each batch, and read for a span."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, null, select

from earshot.events.listening import MAX_STRETCH_NS, Listening
from earshot.events.stretch import Coverage, Stretch
from earshot.store.engine import reading
from earshot.store.progress import Step
from earshot.store.tables import coverage, sessions
from earshot.store.upsert import inserting

_KEY = ("device_id", "begin_at_ns", "session_id")
_REST = ("end_at_ns", "coverage", "reason", "then_reason")


def store_coverage(connection: Connection, steps: Sequence[Step]) -> None:
    """Stores the stretches that steps have completed, in the transaction of their batch.

    A clock that was set back may lead to a second stretch of the same beginning: it replaces the
    first.
    """
    found = [_values(step, stretch) for step in steps for stretch in step.covered]
    if not found:
        return
    insert = inserting(connection, coverage)
    newest = {name: insert.excluded[name] for name in _REST}
    connection.execute(insert.on_conflict_do_update(index_elements=_KEY, set_=newest), found)


def device_stretches(
    engine: Engine, device_id: str, begin_at_ns: int, end_at_ns: int
) -> list[Stretch]:
    """Returns a device's stretches that touch a span of time, and the one before it.

    Those of several sessions may overlap, and one may be there twice.

    Args:
        engine: Where they are kept.
        device_id: Whose.
        begin_at_ns: UTC nanoseconds.
        end_at_ns: UTC nanoseconds.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    mine = coverage.c.device_id == device_id
    least_ns = begin_at_ns - MAX_STRETCH_NS
    within = (coverage.c.begin_at_ns > least_ns, coverage.c.begin_at_ns < end_at_ns)
    before = coverage.c.begin_at_ns <= least_ns
    newest_first = coverage.c.begin_at_ns.desc()
    with reading(engine) as connection:
        # What is open first: what becomes complete meanwhile is then seen twice, and not missed.
        found = _open_stretches(connection, device_id)
        rows = list(connection.execute(select(coverage).where(mine, *within)))
        rows += connection.execute(
            select(coverage).where(mine, before).order_by(newest_first).limit(1)
        )
    return found + [_stretch(row) for row in rows]


def _open_stretches(connection: Connection, device_id: str) -> list[Stretch]:
    is_open = (sessions.c.device_id == device_id, sessions.c.listening.is_not(null()))
    states = connection.execute(select(sessions.c.listening).where(*is_open)).scalars()
    found = [Listening.from_state(state).stretch for state in states]
    return [stretch for stretch in found if stretch is not None]


def _values(step: Step, stretch: Stretch) -> dict[str, Any]:
    return {
        "device_id": step.key[0],
        "begin_at_ns": stretch.begin_at_ns,
        "session_id": step.key[1],
        "end_at_ns": stretch.end_at_ns,
        "coverage": stretch.coverage.value,
        "reason": stretch.reason,
        "then_reason": stretch.then,
    }


def _stretch(row: Row[Any]) -> Stretch:
    covered = Coverage(row.coverage)
    return Stretch(row.begin_at_ns, row.end_at_ns, covered, row.reason, row.then_reason)

"""A filter as conditions on rows of `events`, by the name of the field that asks for each.

They are checked on rows that an index has found already: see `earshot.store.event_walks`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from earshot.events.event import EventState
from earshot.store.filter import EventFilter
from earshot.store.tables import devices, events
from earshot.store.text_match import TextMatch
from earshot.store.unindexed import Unindexed

Condition: TypeAlias = ColumnElement[bool]

LOOK_BACK_NS = 25 * 3600 * 1_000_000_000
"""No label lasts longer than a day (`taxonomy.schema.json`) and the pause that may end it."""

OPEN_STATES = (EventState.STARTED, EventState.UPDATED)

COLUMNS = {
    "device_ids": events.c.device_id,
    "labels": events.c.label,
    "sites": events.c.site,
    "states": events.c.state,
    "categories": events.c.category,
    "priorities": events.c.priority,
    "granularities": events.c.granularity,
    "origins": events.c.origin,
    "scenes": events.c.scene,
    "end_reasons": events.c.end_reason,
}


def conditions(
    query: EventFilter, text: TextMatch | None, connection: Connection
) -> dict[str, Condition]:
    """Returns what each field of the filter asks for, without those that ask for nothing.

    Args:
        query: The filter.
        text: What its text matches; None when it has none.
        connection: Of the database whose SQL is wanted.
    """
    wanted: dict[str, Condition | None] = {
        **{name: _is_among(query, name) for name in COLUMNS if getattr(query, name)},
        "tags": _is_tagged(query, connection) if query.tags else None,
        "text": text.condition() if text else None,
        "min_score": _bound(events.c.peak_score.__ge__, query.min_score),
        "max_score": _bound(events.c.peak_score.__le__, query.max_score),
        "is_suppressed": _is_suppressed(query.is_suppressed),
        "min_duration_samples": _lasts(query.min_duration_samples),
        "to_ns": _bound(events.c.onset_at_ns.__lt__, query.to_ns),
    }
    return {name: condition for name, condition in wanted.items() if condition is not None}


def ended_after(moment_ns: int) -> Condition:
    """Returns the condition of events that lasted beyond a moment, or last since shortly before.

    The bound on the onset is what lets an index end the search.
    """
    is_recent = events.c.onset_at_ns >= moment_ns - LOOK_BACK_NS
    # Of an event that has not ended, offset_at_ns is only the end known so far.
    is_open = events.c.state != EventState.ENDED.value
    return and_(is_recent, or_(events.c.offset_at_ns > moment_ns, is_open))


def open_before(moment_ns: int) -> Condition:
    """Returns the condition of events that `ended_after` looks not far enough back for."""
    return events.c.onset_at_ns < moment_ns - LOOK_BACK_NS


def tagged_devices(query: EventFilter, connection: Connection) -> Select[Any]:
    """Returns the query for the ids of devices that have one of the tags now."""
    elements = (
        func.json_each if connection.dialect.name == "sqlite" else func.json_array_elements_text
    )
    tags = elements(devices.c.tags).table_valued("value")
    return select(devices.c.id).where(
        select(1).select_from(tags).where(tags.c.value.in_(query.tags)).exists()
    )


def _is_among(query: EventFilter, name: str) -> Condition:
    return Unindexed(COLUMNS[name]).in_(query.values(name))


def _is_tagged(query: EventFilter, connection: Connection) -> Condition:
    return Unindexed(events.c.device_id).in_(tagged_devices(query, connection))


def _bound(compare: Callable[[Any], Condition], bound: float | None) -> Condition | None:
    return None if bound is None else compare(bound)


def _is_suppressed(wanted: bool | None) -> Condition | None:
    if wanted is None:
        return None
    return events.c.suppressed_by != "" if wanted else events.c.suppressed_by == ""


def _lasts(num_samples: int) -> Condition | None:
    if not num_samples:
        return None
    return events.c.offset_sample - events.c.onset_sample >= num_samples

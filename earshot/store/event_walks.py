"""How a page of events is found without looking at all of them.

A *walk* goes through an index in the order of the list, newest onset first, and stops when the page
is full. The narrowest filter of a query becomes one walk for each of its values; what else is asked
for is checked on the way. The page is the newest of what the walks found.

Before that, a few steps in the indexes tell which labels can pass at all: those that events of the
asked category and priority have. A contradiction, such as a dog among the alarms, leaves none, and
is answered without a walk, however many events there are.

SQLite, which keeps no statistics unless told to, walks along what is chosen here. PostgreSQL may
know better: what is not chosen hides no index from it. A query for what no index begins with, such
as `end_reason`, or for what is rare on the way, can still walk far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from sqlalchemy import Connection, Select, false, select, tuple_, union

from earshot.store.cursor import Cursor
from earshot.store.event_conditions import (
    COLUMNS,
    OPEN_STATES,
    Condition,
    conditions,
    ended_after,
    open_before,
    tagged_devices,
)
from earshot.store.filter import EventFilter
from earshot.store.tables import devices, events
from earshot.store.text_match import TextMatch, distinct_values, match_text

MAX_WALKS = 50
"""With more values than this, the walk is through all events: it is likely to find them soon."""

# The narrowest first. A pair has an index of its own. Categories and priorities have few labels,
# and a label mostly one of each.
_CHOICES = (
    ("device_ids", "labels"),
    ("device_ids",),
    ("sites", "labels"),
    ("categories", "labels"),
    ("priorities", "labels"),
    ("labels",),
    ("sites",),
)
_KEY = (events.c.onset_at_ns, events.c.event_id)
_NEWEST_FIRST = [column.desc() for column in _KEY]


@dataclass(frozen=True, slots=True)
class Walk:
    """One walk through an index.

    Attributes:
        along: The columns that the index begins with, as fields of the filter, each with the one
            value walked along.
        settled: The fields that an event on this walk needs no further look for.
    """

    along: tuple[tuple[str, str], ...] = ()
    settled: tuple[str, ...] = ()

    def keys(self, asked: dict[str, Condition], limit: int) -> Select[Any]:
        """Returns the query for the newest events on it that are as asked: onset and id."""
        is_along = [COLUMNS[field] == value for field, value in self.along]
        further = [condition for name, condition in asked.items() if name not in self.settled]
        statement = select(*_KEY).where(*is_along, *further)
        newest = statement.order_by(*_NEWEST_FIRST).limit(limit)
        return select(newest.subquery())  # only so may a part of a union have an order


def page_statement(
    connection: Connection, query: EventFilter, limit: int, after: Cursor | None
) -> Select[Any]:
    """Returns the query for the newest events that pass a filter.

    Args:
        connection: What is asked first what the filter's text and tags mean.
        query: What they must be.
        limit: How many at most.
        after: The event that they come after; None for the first.

    Raises:
        BadQuery: The filter's text is too common.
    """
    text = match_text(connection, query.text) if query.text else None
    asked = conditions(query, text, connection)
    if after is not None:
        asked["after"] = tuple_(*_KEY) < tuple_(after.onset_at_ns, after.event_id)
    walks = _walks(connection, query, text)
    if query.from_ns is None:
        found = [walk.keys(asked, limit) for walk in walks]
    else:
        recent = asked | {"from_ns": ended_after(query.from_ns)}
        still_open = asked | {"from_ns": open_before(query.from_ns)}
        found = [walk.keys(recent, limit) for walk in walks]
        found += [walk.keys(still_open, limit) for walk in _open_walks(query)]
    is_found = events.c.event_id.in_(_newest(found, limit)) if found else false()
    return select(events).where(is_found).order_by(*_NEWEST_FIRST).limit(limit)


def _newest(walked: list[Select[Any]], limit: int) -> Select[Any]:
    """Returns the query for the ids of the newest of what walks found; two may find the same."""
    keys = union(*walked).subquery() if len(walked) > 1 else walked[0].subquery()
    newest_first = (keys.c.onset_at_ns.desc(), keys.c.event_id.desc())
    return select(keys.c.event_id).order_by(*newest_first).limit(limit)


def _walks(connection: Connection, query: EventFilter, text: TextMatch | None) -> list[Walk]:
    """Returns the walks that together meet all events that pass; none when no event can."""
    if query.states and set(query.states) <= set(OPEN_STATES):
        return _open_walks(query)
    if text is not None:
        return _text_walks(connection, query, text)
    possible = {"device_ids": _devices(connection, query), "labels": _labels(connection, query)}
    if [] in possible.values():
        return []
    for fields in _CHOICES:
        ways = list(product(*(possible.get(field) or query.values(field) for field in fields)))
        if 0 < len(ways) <= MAX_WALKS:
            # Devices that the tags have chosen need no further look for them.
            settled = (*fields, "tags") if "device_ids" in fields else fields
            return [Walk(tuple(zip(fields, way, strict=True)), settled) for way in ways]
    return [Walk()]


def _devices(connection: Connection, query: EventFilter) -> list[str] | None:
    """Returns the devices that can pass; None when none is asked for, or too many have a tag."""
    asked = query.values("device_ids")
    if not query.tags:
        return asked or None
    tagged = tagged_devices(query, connection)
    return _few(connection, tagged.where(devices.c.id.in_(asked)) if asked else tagged)


def _labels(connection: Connection, query: EventFilter) -> list[str] | None:
    """Returns the labels that can pass; None when no label, category or priority is asked for."""
    asked = query.values("labels")
    for field in ("categories", "priorities"):
        if values := query.values(field):
            known = _labels_of(connection, field, values)
            asked = [label for label in asked if label in known] if asked else sorted(known)
            if not asked:
                return []
    return asked or None


def _labels_of(connection: Connection, field: str, values: list[str]) -> set[str]:
    """Returns the labels that events of these categories, or priorities, have."""
    column = COLUMNS[field]
    found = (distinct_values(events.c.label, column == value) for value in values)
    return {label for labels in found for label in connection.execute(labels).scalars()}


def _open_walks(query: EventFilter) -> list[Walk]:
    """Returns the walks along what has not ended: few events, whatever is asked for."""
    wanted = [state for state in OPEN_STATES if not query.states or state in query.states]
    return [Walk((("states", state.value),), ("states",)) for state in wanted]


def _text_walks(connection: Connection, query: EventFilter, text: TextMatch) -> list[Walk]:
    """Returns the walks of what a text can mean: a label, a site or a device, each by itself.

    So a text that contradicts what else is asked for is found out as any other contradiction is.
    """
    anything = replace(query, text="")
    named = _few(connection, text.devices)
    if named is None:
        return _walks(connection, anything, None)
    walks: list[Walk] = []
    if labels := _both(query.labels, text.labels):
        walks += _walks(connection, replace(anything, labels=labels), None)
    if sites := _both(query.sites, text.sites):
        walks += _walks(connection, replace(anything, sites=sites), None)
    if device_ids := _both(query.device_ids, named):
        walks += _walks(connection, replace(anything, device_ids=device_ids), None)
    return walks if len(walks) <= MAX_WALKS else _walks(connection, anything, None)


def _both(asked: Sequence[str], matching: Sequence[str]) -> tuple[str, ...]:
    """Returns what matches and is asked for; nothing asked is anything."""
    return tuple(value for value in matching if not asked or value in asked)


def _few(connection: Connection, ids: Select[Any]) -> list[str] | None:
    """Returns the ids that a query finds; None when they are too many to walk along each."""
    found = connection.execute(ids.limit(MAX_WALKS + 1)).scalars().all()
    return list(found) if len(found) <= MAX_WALKS else None

"""What a searched text is part of: labels, sites and devices, found without looking at events.

There are few labels and sites, and each is found by one step in an index, however many events have
it; letters are compared as Unicode folds them, alike on both databases. Ids of devices are ASCII.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Select, func, or_, select

from earshot.store.errors import BadQuery
from earshot.store.tables import devices, events
from earshot.store.unindexed import Unindexed

MAX_MATCHES = 10_000  # SQLite takes 32,766 parameters


@dataclass(frozen=True, slots=True)
class TextMatch:
    """What a text is part of.

    Attributes:
        labels: Labels and scenes that events have.
        sites: Sites that events have.
        devices: Query for the ids of devices.
    """

    labels: tuple[str, ...]
    sites: tuple[str, ...]
    devices: Select[Any]

    def condition(self) -> ColumnElement[bool]:
        """Returns the condition on an event."""
        return or_(
            Unindexed(events.c.label).in_(self.labels),
            Unindexed(events.c.site).in_(self.sites),
            Unindexed(events.c.device_id).in_(self.devices),
        )


def is_in_name(text: str, name: str) -> bool:
    """Returns whether a text is part of a label or a site, letters as Unicode folds them."""
    return text.casefold() in name.casefold()


def is_in_id(text: str, device_id: str) -> bool:
    """Returns whether a text is part of a device's id, in upper or lower case."""
    return text.lower() in device_id.lower()


def match_text(connection: Connection, text: str) -> TextMatch:
    """Returns what a text is part of.

    Raises:
        BadQuery: Too many names have it.
    """
    found = [_with_text(connection, column, text) for column in (events.c.label, events.c.site)]
    is_part = func.lower(devices.c.id).contains(text.lower(), autoescape=True)
    return TextMatch(found[0], found[1], select(devices.c.id).where(is_part))


def distinct_values(column: Column[Any], *along: ColumnElement[bool]) -> Select[Any]:
    """Returns the query for the values of a column that an index begins with, in their order.

    Before it, the index may have columns that have one value `along` the way.

    Each value is one step in the index, where DISTINCT would read all of it:
    https://wiki.postgresql.org/wiki/Loose_indexscan.
    """
    known = select(func.min(column).label("value")).where(*along).cte("known", recursive=True)
    following = select(func.min(column)).where(column > known.c.value, *along).scalar_subquery()
    known = known.union_all(select(following).where(known.c.value.is_not(None)))
    return select(known.c.value).where(known.c.value.is_not(None))


def _with_text(connection: Connection, column: Column[Any], text: str) -> tuple[str, ...]:
    values = connection.execute(distinct_values(column)).scalars()
    found = tuple(value for value in values if is_in_name(text, value))
    if len(found) > MAX_MATCHES:
        raise BadQuery(f"text: more than {MAX_MATCHES} {column.name}s have it; say more of it")
    return found

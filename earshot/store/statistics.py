"""Counts of events: by quarter of an hour and label, and by label. Each is one short transaction.

All of them raise `StoreUnavailable` while the database does not answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Engine, func, select

from earshot.store.engine import reading
from earshot.store.event_conditions import conditions
from earshot.store.filter import EventFilter
from earshot.store.tables import events
from earshot.store.text_match import match_text

QUARTER_NS = 900 * 1_000_000_000
"""Every zone's offset from UTC is a whole number of quarters of an hour, since 1972 at the latest.

Source: the tz database, https://www.iana.org/time-zones.
"""


@dataclass(frozen=True, slots=True)
class QuarterCount:
    """How many events of a label began in a quarter of an hour.

    Attributes:
        quarter: Quarters of an hour since 1970, UTC.
        label: The label.
        num_events: At least 1.
    """

    quarter: int
    label: str
    num_events: int


def count_by_quarter(
    engine: Engine, query: EventFilter, from_ns: int, to_ns: int
) -> tuple[QuarterCount, ...]:
    """Counts the events that pass a filter and began from one moment to before another.

    Args:
        engine: Where they are kept.
        query: What they must be; its own times are not looked at.
        from_ns: UTC nanoseconds.
        to_ns: UTC nanoseconds.

    Returns:
        Those that are not zero, by quarter and label.

    Raises:
        BadQuery: The filter's text is too common.
    """
    timeless = replace(query, from_ns=None, to_ns=None)
    quarter = (events.c.onset_at_ns // QUARTER_NS).label("quarter")
    counted = select(quarter, events.c.label, func.count().label("num_events"))
    began = (events.c.onset_at_ns >= from_ns, events.c.onset_at_ns < to_ns)
    with reading(engine) as connection:
        text = match_text(connection, query.text) if query.text else None
        asked = conditions(timeless, text, connection).values()
        grouped = counted.where(*began, *asked).group_by(quarter, events.c.label)
        found = connection.execute(grouped.order_by(quarter, events.c.label))
        return tuple(QuarterCount(*row) for row in found)


def count_by_label(engine: Engine, from_ns: int) -> dict[str, int]:
    """Returns how many events of each label, scenes too, began since a moment, without zeros.

    Those that another event suppresses are left out, as in a list of events.
    """
    began = (events.c.onset_at_ns >= from_ns, events.c.suppressed_by == "")
    counted = select(events.c.label, func.count().label("num_events"))
    grouped = counted.where(*began).group_by(events.c.label)
    with reading(engine) as connection:
        return {row.label: row.num_events for row in connection.execute(grouped)}

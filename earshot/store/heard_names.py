"""The labels and categories that stored events have, whatever the taxonomy says today."""

from __future__ import annotations

from sqlalchemy import Column, Engine

from earshot.store.engine import reading
from earshot.store.tables import events
from earshot.store.text_match import distinct_values


def heard_labels(engine: Engine) -> frozenset[str]:
    """Returns the labels, scenes among them, that events have; a few steps in an index.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    return _values(engine, events.c.label)


def heard_categories(engine: Engine) -> frozenset[str]:
    """Returns the categories that events have.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    return _values(engine, events.c.category)


def _values(engine: Engine, column: Column[str]) -> frozenset[str]:
    with reading(engine) as connection:
        return frozenset(connection.execute(distinct_values(column)).scalars())

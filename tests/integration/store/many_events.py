"""A table of so many events that reading all of them shows."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, insert, text

from earshot.events.event import EventState
from earshot.store import rows
from earshot.store.engine import writing
from earshot.store.tables import devices, events
from tests.integration.store.making import SECOND_NS, event

NUM_EVENTS = 20_000
LABELS = tuple(f"Label {i}" for i in range(24))
DEVICES = tuple(f"device-{i}" for i in range(100))
LAST_NS = NUM_EVENTS * 60 * SECOND_NS


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """An event a minute; each label has one category, and three of them are high at times."""
    known = [
        {"id": name, "site": "", "tags": ["rare"] if name in DEVICES[:2] else [], "policy": {}}
        | {"first_seen_at_ns": 0, "last_heard_at_ns": 0}
        for name in DEVICES
    ]
    stored = [
        event(
            LABELS[i % 24],
            DEVICES[i % 89],
            i * 60,
            i * 60 + 2,
            site=f"site-{i % 10}",
            category=f"category-{i % 24 % 7}",
            priority="high" if i % 40 == 0 else "normal",
            state=EventState.STARTED if i % 500 == 0 else EventState.ENDED,
            peak_score=i % 101 / 100,
        )
        for i in range(NUM_EVENTS)
    ]
    with writing(engine) as connection:
        connection.execute(insert(devices), known)
        connection.execute(insert(events), [rows.to_row(each) for each in stored])
    if engine.dialect.name == "postgresql":
        with writing(engine) as connection:
            connection.execute(text("ANALYZE"))
    return engine

"""Each filter of events alone and with others, on both databases, against a plain reading of it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, insert

from earshot.events.event import EndReason, EventState, Granularity, Origin
from earshot.store import rows
from earshot.store.engine import writing
from earshot.store.errors import BadQuery
from earshot.store.event_queries import list_events
from earshot.store.filter import EventFilter
from earshot.store.tables import devices, events
from tests.integration.store.making import SECOND_NS, event

DAY_S = 86_400
TAGS = {"hall": ["indoor", "o'neil"], "kitchen": ["indoor"], "yard": []}
STORED = {
    "dog": event("Dog", "hall", 10, 12, site="Haus", peak_score=0.9, priority="low"),
    "siren": event("Siren", "kitchen", 20, 23, site="KÜCHE", category="safety", priority="high"),
    "music": event("Music", "kitchen", 30, 39, category="music", suppressed_by="ab" * 16),
    "human": event("Dog", "yard", 40, 42, origin=Origin.HUMAN, granularity=Granularity.CLIP),
    "cut": event("Dog%_x", "yard", 50, 52, end_reason=EndReason.GAP, scene="Street"),
    "open": event("Rain", "yard", 60, 61, state=EventState.STARTED, priority="critical"),
    "scene": event("Kitchen", "kitchen", 5, 3 * DAY_S, category="scene", state=EventState.UPDATED),
}
NAMES = {each.event_id: name for name, each in STORED.items()}


@pytest.fixture
def stored(engine: Engine) -> Engine:
    known = [
        {"id": id_, "site": "", "tags": tags, "policy": {}, "first_seen_at_ns": 0}
        | {"last_heard_at_ns": 0}
        for id_, tags in TAGS.items()
    ]
    with writing(engine) as connection:
        connection.execute(insert(devices), known)
        connection.execute(insert(events), [rows.to_row(each) for each in STORED.values()])
    return engine


CASES: list[tuple[dict[str, Any], str]] = [
    ({"sites": ("Haus", "KÜCHE")}, "siren dog"),
    ({"categories": ("safety", "music")}, "music siren"),
    ({"categories": ("scene",)}, "scene"),
    ({"priorities": ("critical", "high")}, "open siren"),
    ({"granularities": (Granularity.CLIP,)}, "human"),
    ({"origins": (Origin.HUMAN,)}, "human"),
    ({"scenes": ("Street",)}, "cut"),
    ({"end_reasons": (EndReason.GAP,)}, "cut"),
    ({"is_suppressed": True}, "music"),
    ({"is_suppressed": False, "device_ids": ("kitchen",)}, "siren scene"),
    ({"max_score": 0.8, "labels": ("Dog",)}, "human"),
    ({"min_duration_samples": 3 * 16_000}, "music siren scene"),
    ({"min_duration_samples": 3 * 16_000 + 1}, "music scene"),
    ({"tags": ("indoor",)}, "music siren dog scene"),
    ({"tags": ("o'neil", "gone")}, "dog"),
    ({"tags": ("indoor",), "device_ids": ("yard", "hall")}, "dog"),
    ({"tags": ("indoor",), "device_ids": ("hall",), "labels": ("Dog", "Siren")}, "dog"),
    ({"tags": ("gone",)}, ""),
    ({"text": "dOG"}, "cut human dog"),
    ({"text": "küche"}, "siren"),
    ({"text": "KITCHEN"}, "music siren scene"),
    ({"text": "%"}, "cut"),
    ({"text": "_"}, "cut"),
    ({"text": "nothing"}, ""),
    ({"text": "dog", "device_ids": ("yard",)}, "cut human"),
    ({"text": "kitchen", "tags": ("indoor",), "labels": ("Music",)}, "music"),
    ({"states": (EventState.STARTED, EventState.UPDATED)}, "open scene"),
    ({"states": (EventState.UPDATED,), "categories": ("scene",)}, "scene"),
    # What still goes on may last for ever; what has ended began not long ago.
    ({"from_ns": 9 * DAY_S * SECOND_NS}, "open scene"),
    ({"from_ns": 9 * DAY_S * SECOND_NS, "device_ids": ("yard",)}, "open"),
    ({"from_ns": 9 * DAY_S * SECOND_NS, "states": (EventState.ENDED,)}, ""),
    ({"from_ns": 9 * DAY_S * SECOND_NS, "states": (EventState.STARTED,)}, "open"),
    ({"from_ns": 41 * SECOND_NS, "to_ns": 55 * SECOND_NS}, "cut human scene"),
    ({"text": "y", "from_ns": 41 * SECOND_NS, "min_score": 0.5}, "open cut human"),
]


def _names(engine: Engine, query: EventFilter, limit: int) -> str:
    """Walks all pages; one more than there are events would be one that repeats."""
    found: list[str] = []
    cursor = None
    for _ in range(len(STORED) + 1):
        page = list_events(engine, query, limit, cursor)
        found += [NAMES[each.event_id] for each in page.events]
        cursor = page.next_cursor
        if cursor is None:
            break
    return " ".join(found)


# One test for all cases: a database for each would take longer than they do.
@pytest.mark.parametrize("limit", [1, 50])
def test_only_events_that_pass_are_listed_newest_first(stored: Engine, limit: int) -> None:
    found = {str(asked): _names(stored, EventFilter(**asked), limit) for asked, _ in CASES}
    assert found == {str(asked): names for asked, names in CASES}


def test_many_values_are_found_by_one_walk_through_all(stored: Engine) -> None:
    many = tuple(f"device-{i}" for i in range(60))
    page = list_events(stored, EventFilter(device_ids=(*many, "yard"), labels=("Dog", "Rain")))
    assert [NAMES[each.event_id] for each in page.events] == ["open", "human"]


def test_a_text_that_too_many_names_have_is_refused(
    stored: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earshot.store.text_match.MAX_MATCHES", 2)
    with pytest.raises(BadQuery, match="text: more than 2 labels have it; say more of it"):
        list_events(stored, EventFilter(text="i"))

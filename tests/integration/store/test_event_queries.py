from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from earshot.events.event import EventState, SoundEvent
from earshot.store.errors import BadQuery
from earshot.store.event_queries import get_event, list_events, walk_events
from earshot.store.filter import EventFilter
from earshot.store.ledger import Ledger
from tests.integration.store.making import SECOND_NS, event, step

STARTED = EventState.STARTED
EVENTS = [
    event("Dog", "kitchen", 10, 12, peak_score=0.9),
    event("Siren", "hall", 20, 22, peak_score=0.5),
    event("Dog", "hall", 30, 32, peak_score=0.25),
    event("Rain", "kitchen", 30, 31, peak_score=0.4, state=STARTED),
]
NAMES = {e.event_id: f"{e.label}@{e.device_id}" for e in EVENTS}


@pytest.fixture
def stored(engine: Engine) -> Engine:
    Ledger(engine, 0).commit([step("kitchen"), step("hall", heard_at_ns=9)], EVENTS)
    return engine


def names(events: tuple[SoundEvent, ...]) -> set[str]:
    return {NAMES[e.event_id] for e in events}


EVERYTHING = {"Dog@kitchen", "Siren@hall", "Dog@hall", "Rain@kitchen"}
FILTERS: list[tuple[dict[str, Any], set[str]]] = [
    ({}, EVERYTHING),
    ({"device_ids": ("hall",)}, {"Siren@hall", "Dog@hall"}),
    ({"device_ids": ("hall", "kitchen")}, EVERYTHING),
    ({"labels": ("Dog",)}, {"Dog@kitchen", "Dog@hall"}),
    ({"labels": ("Dog",), "device_ids": ("hall",)}, {"Dog@hall"}),
    ({"labels": ("' OR 1=1 --",)}, set()),
    ({"min_score": 0.5}, {"Dog@kitchen", "Siren@hall"}),
    ({"states": (STARTED,)}, {"Rain@kitchen"}),
    ({"states": (STARTED, EventState.ENDED)}, EVERYTHING),
    ({"to_ns": 20 * SECOND_NS}, {"Dog@kitchen"}),
    ({"to_ns": 20 * SECOND_NS + 1}, {"Dog@kitchen", "Siren@hall"}),
    ({"from_ns": 12 * SECOND_NS}, {"Siren@hall", "Dog@hall", "Rain@kitchen"}),
    ({"from_ns": 12 * SECOND_NS - 1}, EVERYTHING),
    ({"from_ns": 21 * SECOND_NS, "to_ns": 21 * SECOND_NS}, {"Siren@hall"}),
    ({"from_ns": 1000 * SECOND_NS}, {"Rain@kitchen"}),
]


@pytest.mark.parametrize(("conditions", "expected"), FILTERS)
def test_only_events_that_pass_the_filter_are_listed(
    stored: Engine, conditions: dict[str, Any], expected: set[str]
) -> None:
    page = list_events(stored, EventFilter(**conditions))

    assert names(page.events) == expected
    assert page.next_cursor is None


def test_events_come_newest_onset_first_and_whole(stored: Engine) -> None:
    page = list_events(stored, EventFilter())

    expected = sorted(EVENTS, key=lambda e: (e.onset_at_ns, e.event_id), reverse=True)
    assert list(page.events) == expected


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
def test_pages_follow_each_other_without_hole_or_repeat(stored: Engine, limit: int) -> None:
    found: list[SoundEvent] = []
    page = list_events(stored, EventFilter(), limit)
    found += page.events
    while page.next_cursor is not None:
        assert len(page.events) == limit
        page = list_events(stored, EventFilter(), limit, page.next_cursor)
        found += page.events

    assert found == list(list_events(stored, EventFilter()).events)


def test_events_that_come_in_between_do_not_move_the_next_page(stored: Engine) -> None:
    first = list_events(stored, EventFilter(), 2)
    Ledger(stored, 0).commit([step("kitchen", previous=0, to=1)], [event("Cat", onset_s=99)])

    second = list_events(stored, EventFilter(), 2, first.next_cursor)

    assert names(second.events) == {"Dog@kitchen", "Siren@hall"}


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_limit_out_of_range_is_refused(stored: Engine, limit: int) -> None:
    with pytest.raises(BadQuery, match="allowed: 1 to 1000"):
        list_events(stored, EventFilter(), limit)


def test_a_cursor_of_another_filter_is_refused(stored: Engine) -> None:
    cursor = list_events(stored, EventFilter(), 1).next_cursor

    with pytest.raises(BadQuery, match="belongs to another query"):
        list_events(stored, EventFilter(labels=("Dog",)), 1, cursor)


def test_an_event_comes_with_its_revisions(stored: Engine) -> None:
    history = get_event(stored, EVENTS[0].event_id)

    assert history is not None
    assert history.event == EVENTS[0]
    assert len(history.revisions) == 1


def test_what_is_not_there_is_none(stored: Engine) -> None:
    assert get_event(stored, "nothing") is None
    assert get_event(stored, "x" * 10_000) is None
    assert get_event(stored, "nul\x00") is None


def test_a_walk_gives_every_event_once_from_its_cursor(
    stored: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earshot.store.event_queries.MAX_LIMIT", 2)
    everything = list_events(stored, EventFilter(), 2)
    rest = list_events(stored, EventFilter(), 2, everything.next_cursor)

    pages = list(walk_events(stored, EventFilter()))

    assert pages == [everything.events, rest.events]
    assert list(walk_events(stored, EventFilter(), everything.next_cursor)) == [rest.events]

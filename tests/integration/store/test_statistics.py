"""Counts of events on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from earshot.store.filter import EventFilter
from earshot.store.ledger import Ledger
from earshot.store.statistics import QuarterCount, count_by_label, count_by_quarter
from tests.integration.store.making import SECOND_NS, event, step

STORED = [
    event("Dog", "kitchen", 0),
    event("Dog", "kitchen", 899),
    event("Dog", "kitchen", 900),
    event("Cat", "kitchen", 900),
    event("Cat", "kitchen", 1800, suppressed_by="ab" * 16),
]


@pytest.fixture
def stored(engine: Engine) -> Engine:
    Ledger(engine, 0).commit([step("kitchen")], STORED)
    return engine


def test_events_are_counted_by_the_quarter_of_an_hour_in_which_they_begin(stored: Engine) -> None:
    end_ns = 1801 * SECOND_NS
    everything = count_by_quarter(stored, EventFilter(), 0, end_ns)
    assert everything == (
        QuarterCount(0, "Dog", 2),
        QuarterCount(1, "Cat", 1),
        QuarterCount(1, "Dog", 1),
        QuarterCount(2, "Cat", 1),
    )
    dogs = count_by_quarter(stored, EventFilter(labels=("Dog",), text="kit"), 1, end_ns - SECOND_NS)
    assert dogs == (QuarterCount(0, "Dog", 1), QuarterCount(1, "Dog", 1))
    shown = count_by_quarter(stored, EventFilter(is_suppressed=False), 900 * SECOND_NS, end_ns)
    assert shown == (QuarterCount(1, "Cat", 1), QuarterCount(1, "Dog", 1))


def test_events_are_counted_by_label_without_suppressed_ones(stored: Engine) -> None:
    assert count_by_label(stored, 0) == {"Dog": 3, "Cat": 1}
    assert count_by_label(stored, 900 * SECOND_NS) == {"Dog": 1, "Cat": 1}
    assert count_by_label(stored, 901 * SECOND_NS) == {}

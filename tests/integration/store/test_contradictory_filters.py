"""Filters that no event can pass are answered at once, however many events there are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event

from earshot.store.engine import reading
from earshot.store.event_queries import list_events
from earshot.store.filter import EventFilter
from tests.integration.store import many_events
from tests.integration.store.many_events import DEVICES, LABELS, LAST_NS

filled = many_events.filled

# Far fewer than the 800 events that a label has, the 220 of a device, or the 100 tagged devices'
# rows twice over.
MAX_ROWS = 200
MAX_INSTRUCTIONS = 2_000  # of SQLite's machine; a row it looks at costs about ten

CONTRADICTIONS: list[dict[str, Any]] = [
    {"labels": LABELS[1:2], "categories": ("category-2",)},
    {"labels": LABELS[1:2], "priorities": ("high",)},
    {"categories": ("category-3",), "priorities": ("high",)},
    {"labels": LABELS[1:2], "categories": ("category-1",), "priorities": ("high",)},
    {"device_ids": DEVICES[:1], "labels": LABELS[1:2], "categories": ("category-2",)},
    {"device_ids": DEVICES[:9], "categories": ("category-3",), "priorities": ("high",)},
    {"device_ids": DEVICES[50:51], "tags": ("rare",)},
    {"labels": LABELS[:1], "categories": ("none",), "min_score": 0.5},
    {"labels": LABELS[1:2], "categories": ("category-2",), "to_ns": LAST_NS // 2},
]


@pytest.mark.parametrize("asked", CONTRADICTIONS, ids=lambda asked: "-".join(asked))
def test_what_no_event_can_be_is_answered_at_once(filled: Engine, asked: dict[str, Any]) -> None:
    query = EventFilter(**asked)
    if filled.dialect.name == "sqlite":
        assert _instructions(filled, lambda: list_events(filled, query)) < MAX_INSTRUCTIONS
    else:
        assert _rows_read(filled, lambda: list_events(filled, query)) < MAX_ROWS
    assert list_events(filled, query).events == ()


def test_a_filter_that_events_do_pass_finds_them_all(filled: Engine) -> None:
    """The labels that can pass are looked up, not guessed: none is left out."""
    asked = EventFilter(categories=("category-1", "category-2"), priorities=("high",))
    found = list_events(filled, asked, 1000).events
    assert {each.label for each in found} == {"Label 8", "Label 16"}
    assert len(found) == sum(1 for i in range(0, 20_000, 40) if i % 24 in {8, 16})


def _instructions(engine: Engine, ask: Callable[[], object]) -> int:
    """Returns how many instructions SQLite ran, to the hundred."""
    num_hundreds = 0

    def count() -> int:
        nonlocal num_hundreds
        num_hundreds += 1
        return 0

    def watch(connection: Any, *_: object) -> None:
        connection.set_progress_handler(count, 100)

    event.listen(engine, "checkout", watch)
    ask()
    event.remove(engine, "checkout", watch)
    return num_hundreds * 100


def _rows_read(engine: Engine, ask: Callable[[], object]) -> int:
    """Returns how many rows of tables PostgreSQL looked at."""
    asked: list[tuple[str, Any]] = []

    def note(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    ask()
    event.remove(engine, "before_cursor_execute", note)
    num_rows = 0
    with reading(engine) as connection:
        for statement, parameters in asked:
            explain = f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}"
            explained = connection.exec_driver_sql(explain, parameters).scalar_one()
            plan = json.loads(explained) if isinstance(explained, str) else explained
            num_rows += sum(map(_rows_of, _nodes(plan[0]["Plan"])))
    return num_rows


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def _rows_of(node: dict[str, Any]) -> int:
    if "Relation Name" not in node:
        return 0
    looked_at = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    return int(looked_at * node["Actual Loops"])

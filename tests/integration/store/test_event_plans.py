"""How the databases find events: through the index meant for a filter, not by reading them all."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Engine

from earshot.events.event import EventState
from earshot.store.cursor import Cursor
from earshot.store.engine import reading
from earshot.store.event_walks import page_statement
from earshot.store.filter import EventFilter
from tests.integration.store import many_events
from tests.integration.store.making import SECOND_NS
from tests.integration.store.many_events import DEVICES, LABELS, LAST_NS, NUM_EVENTS

filled = many_events.filled

# What is asked for, and how the index begins that finds it.
USUAL: list[tuple[dict[str, Any], str]] = [
    ({}, "onset_at_ns"),
    ({"device_ids": DEVICES[:1]}, "device_id"),
    ({"labels": LABELS[:1]}, "label"),
    ({"sites": ("site-1",)}, "site"),
    ({"categories": ("category-1",)}, "category_label"),
    ({"priorities": ("high",)}, "priority_label"),
    ({"states": (EventState.STARTED,)}, "state"),
    ({"tags": ("rare",)}, "device_id"),
    ({"text": "device-7"}, "device_id"),
    ({"text": "label 7"}, "label"),
    ({"from_ns": LAST_NS - 3600 * SECOND_NS}, "onset_at_ns"),
    ({"to_ns": LAST_NS // 2}, "onset_at_ns"),
    ({"device_ids": DEVICES[:3], "labels": LABELS[:2], "min_score": 0.5}, "device_id_label"),
    ({"device_ids": DEVICES[:1], "states": (EventState.ENDED,), "min_score": 0.9}, "device_id"),
    ({"labels": LABELS[:2], "min_score": 0.9, "to_ns": LAST_NS // 2}, "label"),
    ({"labels": LABELS[:1], "sites": ("site-1",), "priorities": ("high",)}, "site_label"),
    ({"sites": ("site-1",), "categories": ("category-1",), "min_score": 0.9}, "site_label"),
    ({"text": "label 7", "sites": ("site-1",)}, "site_label"),
    ({"categories": ("category-1",), "is_suppressed": False, "min_score": 0.5}, "category_label"),
    ({"device_ids": DEVICES[:1], "from_ns": LAST_NS // 2, "to_ns": LAST_NS // 2 + 9}, "device_id"),
    ({"sites": ("site-1",), "from_ns": LAST_NS // 2, "min_score": 0.5}, "site"),
    ({"device_ids": DEVICES[:1], "categories": ("category-1",)}, "device_id_label"),
    ({"device_ids": DEVICES[:9], "priorities": ("high",), "min_score": 0.5}, "device_id_label"),
    ({"tags": ("rare",), "labels": LABELS[:1]}, "device_id_label"),
    ({"categories": ("category-1",), "priorities": ("high",)}, "category_label"),
]


def _plan(engine: Engine, query: EventFilter, after: Cursor | None, prefix: str) -> list[Any]:
    with reading(engine) as connection:
        statement = page_statement(connection, query, 51, after)
        compiled = statement.compile(engine, compile_kwargs={"render_postcompile": True})
        values: Any = compiled.params
        if compiled.positiontup is not None:
            values = tuple(compiled.params[name] for name in compiled.positiontup)
        return [row[-1] for row in connection.exec_driver_sql(f"{prefix} {compiled}", values)]


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def _check_sqlite(engine: Engine, query: EventFilter, after: Cursor | None, begins: str) -> None:
    steps = _plan(engine, query, after, "EXPLAIN QUERY PLAN")
    walks = [step for step in steps if " events " in step and "autoindex" not in step]
    index = f"ix_events_{begins}_event_id"
    if begins != "onset_at_ns":
        index = f"ix_events_{begins}_onset_at_ns_event_id"
    still_open = [step for step in walks if "ix_events_state_" in step]
    assert any(f" {index}" in step for step in walks), steps
    assert all(f" {index}" in step or step in still_open for step in walks), steps
    # Walks are the co-routines: none of them sorts, so that each may stop when it is full.
    sorts = [step for step in steps if "FOR ORDER BY" in step or "FOR LAST" in step]
    assert len(sorts) <= 2, steps  # the newest of several walks, and the page


def _check_postgresql(engine: Engine, query: EventFilter, after: Cursor | None) -> None:
    (explained,) = _plan(engine, query, after, "EXPLAIN (ANALYZE, FORMAT JSON)")
    explained = json.loads(explained) if isinstance(explained, str) else explained
    nodes = [node for node in _nodes(explained[0]["Plan"]) if node.get("Relation Name") == "events"]
    assert nodes
    assert all(node["Node Type"] != "Seq Scan" for node in nodes), nodes
    read = sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in nodes
    )
    assert read < NUM_EVENTS / 2, nodes


def test_no_usual_list_reads_the_whole_table(filled: Engine) -> None:
    for conditions, begins in USUAL:
        query = EventFilter(**conditions)
        for after in (None, Cursor(LAST_NS * 3 // 4, "ab")):
            if filled.dialect.name == "sqlite":
                _check_sqlite(filled, query, after, begins)
            else:
                _check_postgresql(filled, query, after)

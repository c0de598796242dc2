"""What is too old is deleted on both databases, in small parts, and nothing else is."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Table, func, insert, select
from sqlalchemy import event as sqlalchemy_event

from earshot.events.event import EventState
from earshot.events.listening import MAX_STRETCH_NS
from earshot.store import old_rows
from earshot.store.device_changes import put_device
from earshot.store.devices import Registration
from earshot.store.engine import open_engine, reading, writing
from earshot.store.kept_embeddings import MINUTE_NS
from earshot.store.ledger import Ledger
from earshot.store.migrate import migrate
from earshot.store.retention import Deleted, Retention, delete_old, tables_of
from earshot.store.tables import audit, coverage, embeddings, events, revisions, sessions
from tests.integration.store.making import SECOND_NS, event, step

NOW_NS = 1_800_000_000 * SECOND_NS
DAY_NS = 86_400 * SECOND_NS
MONTH_AGO_NS = NOW_NS - 30 * DAY_NS


def count(engine: Engine, table: Table) -> int:
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def add(engine: Engine, table: Table, rows: list[dict[str, Any]]) -> None:
    with writing(engine) as connection:
        connection.execute(insert(table), rows)


def labels(engine: Engine) -> list[str]:
    with reading(engine) as connection:
        return sorted(connection.execute(select(events.c.label)).scalars())


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return Ledger(engine, partition=3)


def sweep_events(engine: Engine, before_s: int, relayed: int, partition: int = 3) -> dict[str, int]:
    return delete_old(engine, "events", before_s * SECOND_NS, partition, relayed).rows


def test_ended_events_go_with_all_their_revisions(engine: Engine, ledger: Ledger) -> None:
    started = event("Dog", onset_s=10, state=EventState.STARTED)
    ended = replace(started, revision=2, state=EventState.ENDED)
    ledger.commit([step()], [started, ended, event("Cat", onset_s=20), event("Siren", onset_s=30)])

    assert sweep_events(engine, 20, relayed=4) == {"events": 1, "revisions": 2}

    assert labels(engine) == ["Cat", "Siren"]
    assert [row.position for row in ledger.revisions(0, 10)] == [3, 4]


def test_what_goes_on_or_was_not_sent_stays(engine: Engine, ledger: Ledger) -> None:
    barks = event("Dog", onset_s=1, state=EventState.STARTED)
    rains = event("Rain", onset_s=2, state=EventState.UPDATED, revision=2)
    rang = event("Siren", onset_s=3, state=EventState.STARTED)
    stopped = replace(rang, revision=2, state=EventState.ENDED)
    ledger.commit([step()], [barks, rains, rang, event("Cat", onset_s=4), stopped])
    ledger.commit([step(previous=0, to=1)], [event("Late", onset_s=5000)])

    assert sweep_events(engine, 1000, relayed=2) == {"events": 0, "revisions": 0}
    assert sweep_events(engine, 1000, relayed=4) == {"events": 1, "revisions": 1}
    assert labels(engine) == ["Dog", "Late", "Rain", "Siren"]
    assert sweep_events(engine, 1000, relayed=5) == {"events": 1, "revisions": 2}
    assert labels(engine) == ["Dog", "Late", "Rain"]


def test_a_partition_goes_on_counting_when_nothing_is_left(engine: Engine, ledger: Ledger) -> None:
    ledger.commit([step()], [event("Dog"), event("Cat")])

    assert sweep_events(engine, 1000, relayed=2) == {"events": 2, "revisions": 2}

    assert labels(engine) == []
    ledger.commit([step(previous=0, to=1)], [event("Siren")])
    assert [row.position for row in ledger.revisions(0, 10)] == [3]


def test_events_of_other_partitions_are_left_to_their_holders(
    engine: Engine, ledger: Ledger
) -> None:
    ledger.commit([step()], [event("Dog"), event("Cat")])
    Ledger(engine, 4).commit([step("hall")], [event("Rain", "hall"), event("Wind", "hall")])

    assert sweep_events(engine, 1000, relayed=9, partition=4) == {"events": 2, "revisions": 2}

    assert labels(engine) == ["Cat", "Dog"]


def test_many_old_events_go_in_parts(
    engine: Engine, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_rows, "MAX_EVENTS", 4)
    ledger.commit([step()], [event(onset_s=second) for second in range(11)])

    parts = [delete_old(engine, "events", NOW_NS, 3, 11) for _ in range(3)]

    assert [part.rows["events"] for part in parts] == [4, 4, 3]
    assert [part.may_be_more for part in parts] == [True, True, False]
    assert count(engine, revisions) == 0


def test_minutes_of_embeddings_go_once_all_of_them_is_too_old(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_rows, "MAX_ROWS", 3)
    put_device(engine, "kitchen", Registration(), "me")
    row = {
        **{"device_id": "kitchen", "session_id": "s", "model": "m", "embedder": "e"},
        **{"embedding_space": "x", "num_patches": 1, "first_at_ns": 0},
        **{"codes": b"", "levels": b"", "samples": b""},
    }
    add(engine, embeddings, [{**row, "minute_at_ns": n * MINUTE_NS} for n in range(6)])

    def swept(before_ns: int) -> Deleted:
        return delete_old(engine, "embeddings", before_ns, 0, 0)

    assert swept(5 * MINUTE_NS - 1) == Deleted({"embeddings": 3}, may_be_more=True)
    assert swept(5 * MINUTE_NS - 1) == Deleted({"embeddings": 1}, may_be_more=False)
    assert count(engine, embeddings) == 2


def test_stretches_of_coverage_go_once_they_are_too_old(engine: Engine) -> None:
    put_device(engine, "kitchen", Registration(), "me")
    begins_ns = [0, MAX_STRETCH_NS, 2 * MAX_STRETCH_NS]
    add(engine, coverage, [stretch("kitchen", "s", begin_ns) for begin_ns in begins_ns])

    deleted = delete_old(engine, "coverage", 2 * MAX_STRETCH_NS, 0, 0)

    assert deleted == Deleted({"coverage": 2}, may_be_more=False)


def test_old_changes_go_from_the_log(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(old_rows, "MAX_ROWS", 2)
    entry = {"who": "me", "action": "a.b", "subject": "s", "detail": {}}
    add(engine, audit, [{**entry, "at_ns": at_ns} for at_ns in (1, 2, 3, 9, 10)])

    counts = [delete_old(engine, "audit", 9, 0, 0).rows["audit"] for _ in range(3)]

    assert counts == [2, 1, 0]
    assert count(engine, audit) == 2


def ulid(at_ns: int) -> str:
    """The first ULID of a moment."""
    digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    number = at_ns // 1_000_000 << 80
    return "".join(digits[number >> shift & 31] for shift in range(125, -1, -5))


def stretch(device: str, session: str, begin_ns: int, end_ns: int | None = None) -> dict[str, Any]:
    return {
        **{"device_id": device, "session_id": session, "begin_at_ns": begin_ns},
        "end_at_ns": begin_ns + MAX_STRETCH_NS if end_ns is None else end_ns,
        **{"coverage": "heard", "reason": "", "then_reason": "no_source"},
    }


def session(began_ns: int, **fields: Any) -> dict[str, Any]:
    row = {"device_id": "kitchen", "session_id": ulid(began_ns), "partition": 3}
    return {**row, "last_sequence": 7, "tracker_state": {}, "listening": None, **fields}


def open_event(session_id: str) -> Callable[[Engine], None]:
    def commit(engine: Engine) -> None:
        barks = event(state=EventState.STARTED, session_id=session_id)
        Ledger(engine, 5).commit([step()], [barks])

    return commit


def heard(session_id: str, end_ns: int) -> Callable[[Engine], None]:
    def store(engine: Engine) -> None:
        add(engine, coverage, [stretch("kitchen", session_id, end_ns - 1, end_ns)])

    return store


def nothing(_: Engine) -> None:
    return


OLD_NS = MONTH_AGO_NS - DAY_NS
OLD = ulid(OLD_NS)
SESSIONS = {
    "over for long": (session(OLD_NS), heard(OLD, MONTH_AGO_NS - 1), False),
    "never heard": (session(OLD_NS), nothing, False),
    "heard since": (session(OLD_NS), heard(OLD, MONTH_AGO_NS), True),
    "began since": (session(MONTH_AGO_NS), nothing, True),
    "open": (session(OLD_NS, listening={"stretch": None}), nothing, True),
    "with an event that goes on": (session(OLD_NS), open_event(OLD), True),
    "of another partition": (session(OLD_NS, partition=4), nothing, True),
}


@pytest.mark.parametrize(("row", "also", "stays"), SESSIONS.values(), ids=SESSIONS.keys())
def test_sessions_go_when_they_are_over(
    engine: Engine, row: dict[str, Any], also: Callable[[Engine], None], stays: bool
) -> None:
    put_device(engine, "kitchen", Registration(), "me")
    add(engine, sessions, [row])
    also(engine)

    deleted = delete_old(engine, "sessions", MONTH_AGO_NS, 3, 0)

    assert deleted.rows == {"sessions": 0 if stays else 1}
    with reading(engine) as connection:
        left = set(connection.execute(select(sessions.c.session_id)).scalars())
    assert (row["session_id"] in left) == stays


def test_each_partition_cares_for_its_own_and_the_first_for_the_rest() -> None:
    assert tables_of(1) == ("events", "sessions")
    assert tables_of(0) == ("events", "sessions", "embeddings", "coverage", "audit")
    for table in tables_of(0):
        assert Retention().begins_at_ns(table, NOW_NS) < NOW_NS
    assert Retention(embeddings_s=0).begins_at_ns("embeddings", NOW_NS) == NOW_NS


def test_a_sweep_that_finds_nothing_reads_no_large_table_on_sqlite(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'earshot.db'}")
    migrate(engine)
    executed: list[tuple[str, Any]] = []

    def remember(_a: object, _b: object, statement: str, parameters: Any, *_: object) -> None:
        executed.append((statement, parameters))

    sqlalchemy_event.listen(engine, "before_cursor_execute", remember)
    for table in tables_of(0):
        delete_old(engine, table, time.time_ns(), 0, 10)
    sqlalchemy_event.remove(engine, "before_cursor_execute", remember)

    plans = []
    with reading(engine) as connection:
        for statement, parameters in executed:
            if statement.startswith(("SELECT", "DELETE")):
                found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
                plans += [row.detail for row in found]
    engine.dispose()
    scanned = {plan.removeprefix("SCAN ") for plan in plans if plan.startswith("SCAN")}
    assert not [plan for plan in scanned if plan.startswith(("events", "revisions"))], plans
    assert not [plan for plan in scanned if plan in {"embeddings", "coverage"}], plans

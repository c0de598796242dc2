from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine, text

from earshot.events.listening import MAX_STRETCH_NS
from earshot.events.stretch import Coverage, Stretch
from earshot.store.coverage import device_stretches
from earshot.store.engine import writing
from earshot.store.ledger import Ledger
from earshot.store.migrate import migrate
from earshot.store.progress import NO_SEQUENCE, Progress, Step
from tests.integration.store.test_migrate import FIRST_ROWS, upgrade

S = 10**9
DAY_S = 86_400
BORN_S = 1_777_593_600


def of(begin_s: int, end_s: int, coverage: Coverage = Coverage.HEARD, reason: str = "") -> Stretch:
    return Stretch((BORN_S + begin_s) * S, (BORN_S + end_s) * S, coverage, reason)


def step(
    *covered: Stretch,
    to: int = 0,
    device: str = "kitchen",
    session: str = "01J",
    listening: dict[str, Any] | None = None,
) -> Step:
    previous = to - 1 if to else NO_SEQUENCE
    return Step((device, session), previous, Progress(to, {}, listening), S, covered=covered)


def found(engine: Engine, begin_s: int, end_s: int, device: str = "kitchen") -> set[Stretch]:
    span = ((BORN_S + begin_s) * S, (BORN_S + end_s) * S)
    return set(device_stretches(engine, device, *span))


def test_stretches_of_a_span_are_found_with_the_one_before(engine: Engine) -> None:
    old, before, first, second = of(-9 * DAY_S, 1 - 9 * DAY_S), of(-7, -5), of(-3, 4), of(4, 9)
    ledger = Ledger(engine, 0)
    ledger.commit([step(old, before), step(of(0, 9), device="hall")], [])
    ledger.commit([step(first, second, to=1)], [])

    assert found(engine, 0, 4) == {old, before, first}
    assert found(engine, -5 * DAY_S, -4 * DAY_S) == {old}
    assert found(engine, -20 * DAY_S, -10 * DAY_S) == set()
    assert found(engine, 0, 100, "nobody") == set()


def test_the_longest_stretch_is_found_at_its_end(engine: Engine) -> None:
    longest = Stretch(BORN_S * S, BORN_S * S + MAX_STRETCH_NS, Coverage.HEARD)
    Ledger(engine, 0).commit([step(longest, of(-8, -7))], [])

    assert longest in found(engine, DAY_S - 1, DAY_S + 1)
    assert longest in found(engine, DAY_S, DAY_S + 1)


def test_what_is_open_is_found_beside_what_is_complete(engine: Engine) -> None:
    ledger = Ledger(engine, 0)
    one = {"begin_at_ns": (BORN_S + 4) * S, "end_at_ns": (BORN_S + 6) * S, "coverage": "silent"}
    ledger.commit([step(of(0, 4), listening={"stretch": one})], [])

    assert found(engine, 0, 10) == {of(0, 4), of(4, 6, Coverage.SILENT)}
    assert ledger.open_sessions() == [("kitchen", "01J")]
    assert ledger.progress([("kitchen", "01J")])["kitchen", "01J"].listening == {"stretch": one}

    ledger.commit([step(of(4, 6, Coverage.SILENT), to=1)], [])
    assert found(engine, 0, 10) == {of(0, 4), of(4, 6, Coverage.SILENT)}
    assert ledger.open_sessions() == []


def test_open_sessions_are_those_of_the_partition(engine: Engine) -> None:
    Ledger(engine, 0).commit([step(listening={})], [])
    Ledger(engine, 1).commit([step(device="hall", listening={})], [])

    assert Ledger(engine, 1).open_sessions() == [("hall", "01J")]


def test_a_second_stretch_of_the_same_beginning_replaces_the_first(engine: Engine) -> None:
    ledger = Ledger(engine, 0)
    ledger.commit([step(of(0, 4))], [])
    ledger.commit([step(of(0, 9, Coverage.LOST, "gap"), of(0, 5), to=1)], [])
    ledger.commit([step(of(0, 7), session="01K")], [])

    assert found(engine, 0, 10) == {of(0, 5), of(0, 7)}


@pytest.mark.parametrize(("state", "is_open"), [("updated", True), ("ended", False)])
def test_sessions_of_an_earlier_release_are_open_if_their_events_are(
    empty_engine: Engine, state: str, is_open: bool
) -> None:
    upgrade(empty_engine, "0003")
    with writing(empty_engine) as connection:
        for table in ("devices", "sessions", "events"):
            row = FIRST_ROWS[table] | ({"state": state} if table == "events" else {})
            names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)

    migrate(empty_engine)

    assert Ledger(empty_engine, 0).open_sessions() == ([("kitchen", "01J")] if is_open else [])
    assert device_stretches(empty_engine, "kitchen", 0, 2**62) == []

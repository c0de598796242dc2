from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select, update
from sqlalchemy import event as sqlalchemy_event

from earshot.events import cloud_event
from earshot.events.event import EventState
from earshot.store.devices import Registration, get_device
from earshot.store.engine import open_engine, reading, writing
from earshot.store.errors import LedgerConflict
from earshot.store.event_queries import get_event
from earshot.store.lease import Lease
from earshot.store.ledger import Ledger, Revision
from earshot.store.migrate import migrate
from earshot.store.progress import Progress
from earshot.store.tables import devices, events, metadata
from tests.integration.store.making import SECOND_NS, event, step

KEY = ("kitchen", "01J")


@pytest.fixture
def ledger(engine: Engine) -> Ledger:
    return Ledger(engine, partition=3)


def test_a_session_stands_where_its_last_step_led(ledger: Ledger) -> None:
    state = {"open": [{"score_sum": 0.1 + 0.2, "onset_at_ns": 2**62, "label": "Döner ☂"}]}
    ledger.commit([step(to=4, state={"open": []})], [])

    ledger.commit([step(previous=4, to=9, state=state)], [])

    assert ledger.progress([KEY, ("kitchen", "other")]) == {KEY: Progress(9, state)}
    assert ledger.progress([]) == {}


def test_an_event_is_stored_in_its_newest_revision(engine: Engine, ledger: Ledger) -> None:
    started = event(state=EventState.STARTED, peak_score=0.1 + 0.2)
    ended = replace(started, revision=2, state=EventState.ENDED, offset_at_ns=99 * SECOND_NS)

    ledger.commit([step()], [started])
    ledger.commit([step(previous=0, to=1)], [ended])

    history = get_event(engine, started.event_id)
    assert history is not None
    assert history.event == ended
    assert [cloud_event.decode(body) for body in history.revisions] == [started, ended]


def test_an_event_that_starts_and_ends_in_one_batch_has_ended(
    engine: Engine, ledger: Ledger
) -> None:
    started = event(state=EventState.STARTED)
    ended = replace(started, revision=2, state=EventState.ENDED)

    ledger.commit([step()], [started, ended])

    history = get_event(engine, started.event_id)
    assert history is not None
    assert history.event == ended
    assert len(history.revisions) == 2


def test_positions_count_the_revisions_of_a_partition(engine: Engine, ledger: Ledger) -> None:
    dog, cat, siren = event("Dog"), event("Cat"), event("Siren")
    other = Ledger(engine, partition=4)
    elsewhere = event(device="hall")

    assert ledger.last_position() == 0
    ledger.commit([step()], [dog, cat])
    other.commit([step("hall")], [elsewhere])
    ledger.commit([step(previous=0, to=1)], [siren])

    assert ledger.last_position() == 3
    assert other.last_position() == 1
    sent = [cloud_event.decode(row.body) for row in ledger.revisions(0, 10)]
    assert sent == [dog, cat, siren]
    assert ledger.revisions(1, 1) == [
        Revision(2, "kitchen", "01J", 1, EventState.ENDED, cloud_event.encode(cat))
    ]
    assert ledger.revisions(3, 10) == []


def test_nothing_is_stored_when_a_session_stands_elsewhere(engine: Engine, ledger: Ledger) -> None:
    ledger.commit([step(to=5)], [])

    with pytest.raises(LedgerConflict, match="session kitchen/01J stands at 5, not at 4"):
        ledger.commit([step("hall"), step(previous=4, to=6)], [event()])
    with pytest.raises(LedgerConflict, match="stands at -1, not at 0"):
        ledger.commit([step("hall", previous=0, to=1)], [])

    assert ledger.progress([KEY])[KEY].last_sequence == 5
    assert ledger.last_position() == 0
    assert get_device(engine, "hall") is None


def test_nothing_is_stored_when_a_revision_exists(ledger: Ledger) -> None:
    ledger.commit([step()], [event()])

    with pytest.raises(LedgerConflict):
        ledger.commit([step(previous=0, to=1)], [event("Cat"), event()])

    assert ledger.progress([KEY])[KEY].last_sequence == 0
    assert ledger.last_position() == 1


def test_a_device_registers_itself_at_first_sight(engine: Engine, ledger: Ledger) -> None:
    ledger.commit([step(heard_at_ns=7), step("hall", heard_at_ns=8)], [])
    ledger.commit([step(previous=0, to=1, heard_at_ns=20)], [])
    ledger.commit([step(previous=1, to=2, heard_at_ns=15)], [])

    device = get_device(engine, "kitchen")
    assert device is not None
    assert device.registration == Registration()
    assert (device.first_seen_at_ns, device.last_heard_at_ns) == (7, 20)


def test_a_device_is_said_to_be_heard_every_five_seconds_and_at_the_end_of_its_session(
    engine: Engine, ledger: Ledger
) -> None:
    def heard_at_s() -> float:
        device = get_device(engine, "kitchen")
        assert device is not None
        return device.last_heard_at_ns / SECOND_NS

    said = []
    for sequence, at_s in enumerate((100, 104, 105, 109)):
        is_last = at_s == 109
        moved = step(previous=sequence - 1, to=sequence, heard_at_ns=at_s * SECOND_NS)
        progress = replace(moved.progress, listening=None if is_last else {"next_sample": 0})
        ledger.commit([replace(moved, progress=progress)], [])
        said.append(heard_at_s())

    assert said == [100, 100, 105, 109]


def test_a_device_is_first_seen_at_its_first_message_that_has_a_time(
    engine: Engine, ledger: Ledger
) -> None:
    ledger.commit([step(heard_at_ns=0)], [])
    ledger.commit([step(previous=0, to=1, heard_at_ns=20)], [])

    device = get_device(engine, "kitchen")
    assert device is not None
    assert (device.first_seen_at_ns, device.last_heard_at_ns) == (20, 20)


def test_an_event_takes_the_site_of_its_device(engine: Engine, ledger: Ledger) -> None:
    ledger.commit([step()], [])
    with writing(engine) as connection:
        connection.execute(update(devices).values(site="home"))

    (stored,) = ledger.commit([step(previous=0, to=1)], [event()])

    assert stored == event(site="home")
    history = get_event(engine, stored.event_id)
    assert history is not None
    assert history.event == stored
    assert cloud_event.decode(history.revisions[0]) == stored


def test_a_partition_keeps_its_writer_until_it_is_renewed(engine: Engine, ledger: Ledger) -> None:
    writer = ledger.writer()

    assert Ledger(engine, partition=3).writer() == writer
    assert Ledger(engine, partition=4).writer() != writer
    assert ledger.writer(renew=True) != writer
    assert ledger.writer() != writer


def test_writers_wait_for_each_other(engine: Engine) -> None:
    def commit(partition: int) -> None:
        device, ledger = f"device{partition}", Ledger(engine, partition)
        for sequence in range(20):
            revised = [event(device=device, onset_s=sequence)]
            ledger.commit([step(device, previous=sequence - 1, to=sequence)], revised)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(commit, range(4)))

    assert [Ledger(engine, partition).last_position() for partition in range(4)] == [20] * 4


def test_readers_do_not_wait_for_a_writer(engine: Engine, ledger: Ledger) -> None:
    ledger.commit([step()], [event()])

    with writing(engine) as connection:
        connection.execute(update(events).values(label="changed"))
        history = get_event(engine, event().event_id)

    assert history is not None
    assert history.event.label == "Dog"


def test_a_commit_reads_no_table_from_end_to_end_on_sqlite(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'earshot.db'}")
    migrate(engine)
    lease = Lease(engine, 3, "me", lease_s=60.0)
    lease.try_acquire()
    ledger = Ledger(engine, 3, lease)
    executed: list[tuple[str, Any]] = []

    def remember(_a: object, _b: object, statement: str, parameters: Any, *_: object) -> None:
        executed.append((statement, parameters))

    sqlalchemy_event.listen(engine, "before_cursor_execute", remember)
    ledger.commit([step(), step("hall")], [event(), event(device="hall")])
    ledger.progress([KEY])
    sqlalchemy_event.remove(engine, "before_cursor_execute", remember)

    plans = []
    with reading(engine) as connection:
        for statement, parameters in executed:
            one = parameters[0] if isinstance(parameters, list) else parameters
            if not statement.startswith("BEGIN"):
                found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", one)
                plans += [row.detail for row in found]
    engine.dispose()
    scanned = {plan.split()[1] for plan in plans if plan.startswith("SCAN")}
    assert sum("sqlite_autoindex_sessions_1" in plan for plan in plans) == 2
    assert scanned.isdisjoint(metadata.tables)


def test_a_session_without_its_device_cannot_be_stored(engine: Engine) -> None:
    row = {"device_id": "nobody", "session_id": "s", "partition": 0, "last_sequence": 0}
    sessions = metadata.tables["sessions"]

    with pytest.raises(LedgerConflict), writing(engine) as connection:
        connection.execute(sessions.insert(), [row | {"tracker_state": {}}])

    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(sessions)).scalar() == 0

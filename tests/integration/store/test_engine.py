from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine

from earshot.store.engine import open_engine, ping, reading, writing
from earshot.store.errors import LedgerConflict, StoreUnavailable
from earshot.store.event_queries import list_events
from earshot.store.filter import EventFilter
from earshot.store.tables import relays
from tests.integration.store.postgres import PostgresServer


def test_a_database_that_answers_is_there(empty_engine: Engine) -> None:
    ping(empty_engine)


def test_a_database_without_tables_is_unavailable(empty_engine: Engine) -> None:
    with pytest.raises(StoreUnavailable, match="events"):
        list_events(empty_engine, EventFilter())


def test_an_error_takes_back_the_whole_transaction(engine: Engine) -> None:
    row = {"partition": 1, "writer": "me"}

    with pytest.raises(LedgerConflict), writing(engine) as connection:
        connection.execute(relays.insert(), [row, row])

    with reading(engine) as connection:
        assert connection.execute(relays.select()).all() == []


def test_a_folder_that_is_missing_is_unavailable(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'none' / 'earshot.db'}")

    with pytest.raises(StoreUnavailable, match="unable to open database file"):
        ping(engine)


def test_threads_that_write_to_sqlite_wait_for_their_turn_and_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earshot.store.engine.BUSY_TIMEOUT_S", 0.05)
    engine = open_engine(f"sqlite:///{tmp_path / 'earshot.db'}")

    def write() -> None:
        with writing(engine):
            pass

    with ThreadPoolExecutor(1) as other:
        with writing(engine), pytest.raises(StoreUnavailable, match="busy"):
            other.submit(write).result()
        other.submit(write).result()


def test_sqlite_keeps_what_was_acknowledged(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'earshot.db'}")

    with reading(engine) as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    engine.dispose()

    full = 2
    assert pragmas == {
        "journal_mode": "wal",
        "synchronous": full,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }


def test_a_server_that_is_away_is_unavailable_until_it_is_back() -> None:
    server = PostgresServer()
    engine = open_engine(server.new_database())
    ping(engine)

    server.stop()
    with pytest.raises(StoreUnavailable):
        ping(engine)
    server.start()
    ping(engine)

    engine.dispose()
    server.remove()

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

from earshot.events.event import EndReason
from earshot.store.engine import open_engine, reading, writing
from earshot.store.errors import UnknownSchema
from earshot.store.event_queries import get_event
from earshot.store.ledger import Ledger
from earshot.store.migrate import migrate
from earshot.store.tables import metadata
from tests.integration.store.making import event, step
from tests.integration.store.postgres import PostgresServer

START = """
import sys
from earshot.store.engine import open_engine
from earshot.store.migrate import migrate
engine = open_engine(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
migrate(engine)
"""


@pytest.fixture
def new_database_url(request: pytest.FixtureRequest, empty_engine: Engine, tmp_path: Path) -> str:
    """Another database of the same kind."""
    if empty_engine.dialect.name == "sqlite":
        return f"sqlite:///{tmp_path / 'fresh.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


# What the first release wrote.
FIRST_ROWS: dict[str, dict[str, object]] = {
    "devices": {
        "id": "kitchen",
        "site": "home",
        "tags": '["a"]',
        "policy": "{}",
        "first_seen_at_ns": 1,
        "last_heard_at_ns": 2**60,
    },
    "sessions": {
        "device_id": "kitchen",
        "session_id": "01J",
        "partition": 0,
        "last_sequence": 7,
        "tracker_state": '{"open": []}',
    },
    "events": {
        "event_id": "e" * 32,
        "revision": 1,
        "state": "ended",
        "device_id": "kitchen",
        "session_id": "01J",
        "site": "home",
        "label": "Döner ☂",
        "category": "animal",
        "priority": "normal",
        "onset_sample": 1,
        "offset_sample": 2,
        "onset_at_ns": 3,
        "offset_at_ns": 4,
        "peak_score": 0.75,
        "mean_score": 0.5,
        "level_dbfs": -20.5,
        "scene": "",
        "suppressed_by": "",
        "models": '["embedder@1", "model@1"]',
        "taxonomy_hash": "0123456789abcdef",
        "granularity": "segment",
        "origin": "model",
    },
    "revisions": {
        "partition": 0,
        "position": 1,
        "event_id": "e" * 32,
        "revision": 1,
        "state": "ended",
        "body": "{}",
    },
    "relays": {"partition": 0, "writer": "notifier-p00-01234567"},
}


def upgrade(engine: Engine, version: str) -> None:
    """Brings a database to the schema of an older release."""
    config = Config()
    config.set_main_option("script_location", "earshot.store:migrations")
    with writing(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)


def insert_rows(engine: Engine, rows: dict[str, dict[str, object]]) -> None:
    with writing(engine) as connection:
        for table, row in rows.items():
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)


def as_text(value: object) -> object:
    """PostgreSQL parses JSON on its own."""
    return json.dumps(value) if isinstance(value, list | dict) else value


def schema(engine: Engine) -> dict[str, object]:
    """Everything the database says about its tables."""
    inspector = inspect(engine)
    return {
        table: (
            [column | {"type": str(column["type"])} for column in inspector.get_columns(table)],
            inspector.get_pk_constraint(table),
            inspector.get_foreign_keys(table),
            sorted(inspector.get_indexes(table), key=str),
            inspector.get_unique_constraints(table),
        )
        for table in inspector.get_table_names()
    }


def differences(engine: Engine) -> list[object]:
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def test_the_steps_lead_to_the_tables(empty_engine: Engine) -> None:
    assert differences(empty_engine)

    migrate(empty_engine)

    assert differences(empty_engine) == []


def test_a_database_of_the_first_release_keeps_its_rows(
    empty_engine: Engine, new_database_url: str
) -> None:
    upgrade(empty_engine, "0001")
    insert_rows(empty_engine, FIRST_ROWS)

    migrate(empty_engine)

    assert differences(empty_engine) == []
    with reading(empty_engine) as connection:
        for table, row in FIRST_ROWS.items():
            names = ", ".join(row)
            found = connection.execute(text(f"SELECT {names} FROM {table}")).mappings().one()
            assert {name: as_text(value) for name, value in found.items()} == row
    history = get_event(empty_engine, "e" * 32)
    assert history is not None
    assert (history.event.end_reason, history.event.quiet_samples) == (EndReason.NONE, 0)
    fresh = open_engine(new_database_url)
    migrate(fresh)
    assert schema(empty_engine) == schema(fresh)
    fresh.dispose()


@pytest.mark.parametrize("has_writer", [True, False])
def test_a_partition_of_the_first_release_goes_on_counting(
    empty_engine: Engine, has_writer: bool
) -> None:
    upgrade(empty_engine, "0001")
    rows = FIRST_ROWS | {"revisions": FIRST_ROWS["revisions"] | {"position": 41}}
    relay = rows.pop("relays")
    insert_rows(empty_engine, rows | ({"relays": relay} if has_writer else {}))

    migrate(empty_engine)

    ledger = Ledger(empty_engine, 0)
    assert ledger.last_position() == 41
    ledger.commit([step(previous=7, to=8)], [event()])
    assert [row.position for row in ledger.revisions(0, 10)] == [41, 42]
    writer = ledger.writer()
    assert (writer == relay["writer"]) is has_writer
    assert (writer, ledger.last_position()) == (Ledger(empty_engine, 0).writer(), 42)


def test_migrating_again_does_nothing(engine: Engine) -> None:
    migrate(engine)

    assert differences(engine) == []


def test_all_succeed_when_several_processes_start_at_once(
    database_url: str, empty_engine: Engine
) -> None:
    command = [sys.executable, "-c", START, database_url]
    pipe = subprocess.PIPE
    processes = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"

    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    errors = [process.communicate()[1] for process in processes]

    assert errors == ["", "", ""]
    assert differences(empty_engine) == []


def test_a_newer_schema_is_refused(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(UnknownSchema, match="'9999'; upgrade this program"):
        migrate(engine)

from __future__ import annotations

import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, text

from earshot.store.engine import reading, writing
from earshot.store.errors import UnknownSchema
from earshot.store.migrate import migrate
from earshot.store.tables import metadata

START = """
import sys
from earshot.store.engine import open_engine
from earshot.store.migrate import migrate
engine = open_engine(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
migrate(engine)
"""


def differences(engine: Engine) -> list[object]:
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, metadata))


def test_the_steps_lead_to_the_tables(empty_engine: Engine) -> None:
    assert differences(empty_engine)

    migrate(empty_engine)

    assert differences(empty_engine) == []


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

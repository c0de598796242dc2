"""What stops a start, in one line and with exit code 2."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from earshot.store.engine import open_engine, writing
from earshot.store.migrate import migrate
from tests.integration.notifier.feeding import TAXONOMY, write_taxonomy


def start(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    # What other tests set for a system of their own has no say here.
    inherited = {name: value for name, value in os.environ.items() if "EARSHOT" not in name}
    environment = inherited | {
        "EARSHOT_DATA_DIR": str(folder / "data"),
        "EARSHOT_MODELS_DIR": str(folder / "models"),
        "EARSHOT_MODEL": "toy",
        "EARSHOT_TAXONOMY_FILE": str(write_taxonomy(folder)),
        "EARSHOT_LOG_LEVEL": "error",
    }
    return subprocess.run(
        [sys.executable, "-m", "services.notifier"],
        env=environment | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


CASES = {
    "database": (
        {"EARSHOT_DATABASE_URL": "mysql://host/db"},
        "must start with sqlite:/// or postgresql://",
    ),
    "lease": ({"EARSHOT_NOTIFIER_LEASE_S": "4"}, "must be more than EARSHOT_CLAIM_IDLE_S=5"),
    "unknown devices": (
        {"EARSHOT_UNKNOWN_DEVICES": "maybe"},
        "EARSHOT_UNKNOWN_DEVICES='maybe': must be one of accept, refuse",
    ),
    "model": ({"EARSHOT_MODEL": "none"}, "models/none: no version of the model is here"),
    "taxonomy": ({"EARSHOT_TAXONOMY_FILE": "/none.yaml"}, "/none.yaml: cannot be read"),
    "data dir": ({"EARSHOT_DATA_DIR": "/dev/null/data"}, "Not a directory: '/dev/null/data'"),
}


@pytest.mark.parametrize(("settings", "message"), CASES.values(), ids=CASES.keys())
def test_a_setting_that_makes_no_sense_stops_the_start(
    models_dir: Path, tmp_path: Path, settings: dict[str, str], message: str
) -> None:
    del models_dir

    ended = start(tmp_path, **settings)

    assert ended.returncode == 2
    assert message in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_a_class_the_model_does_not_have_stops_the_start(models_dir: Path, tmp_path: Path) -> None:
    del models_dir
    file = tmp_path / "mine.yaml"
    file.write_text(TAXONOMY.replace("[Dog]", "[Dogg]"))

    ended = start(tmp_path, EARSHOT_TAXONOMY_FILE=str(file))

    assert ended.returncode == 2
    assert f"{file}:3: labels[0].classes[0]: " in ended.stderr
    assert "did you mean 'Dog'?" in ended.stderr


def test_a_database_of_a_newer_version_stops_the_start(models_dir: Path, tmp_path: Path) -> None:
    del models_dir
    (tmp_path / "data").mkdir()
    engine = open_engine(f"sqlite:///{tmp_path / 'data' / 'earshot.db'}")
    migrate(engine)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()

    ended = start(tmp_path)

    assert ended.returncode == 2
    assert "upgrade this program" in ended.stderr

from __future__ import annotations

import json
from pathlib import Path

import pytest

from earshot.cli.errors import CannotStart
from earshot.cli.running_system import RunningSystem, find_running_system


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("EARSHOT_REDIS_URL", raising=False)
    monkeypatch.setenv("EARSHOT_DATA_DIR", str(tmp_path))
    return tmp_path


def test_the_environment_comes_first(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data_dir / "up.json").write_text("{}")
    monkeypatch.setenv("EARSHOT_REDIS_URL", "redis://broker:6379/0")
    assert find_running_system() == RunningSystem("redis://broker:6379/0")


def test_the_system_started_here_is_found(data_dir: Path) -> None:
    addresses = {"redis_url": "redis://127.0.0.1:1/0", "api_url": "http://127.0.0.1:2", "pid": 3}
    (data_dir / "up.json").write_text(json.dumps(addresses))
    assert find_running_system() == RunningSystem("redis://127.0.0.1:1/0", "http://127.0.0.1:2")


def test_no_system_says_how_to_start_one(data_dir: Path) -> None:
    with pytest.raises(CannotStart, match="start one with `earshot up`, or set EARSHOT_REDIS_URL"):
        find_running_system()


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"redis_url": "redis://x"}'])
def test_a_foreign_file_is_named(data_dir: Path, text: str) -> None:
    (data_dir / "up.json").write_text(text)
    with pytest.raises(CannotStart, match=r"up\.json: not written by `earshot up`"):
        find_running_system()

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from earshot.cli.supervisor.errors import AlreadyRunning, SupervisorError
from earshot.cli.supervisor.folder import StateFile, claimed

ADDRESSES = {"redis_url": "redis://127.0.0.1:1/0", "api_url": "http://127.0.0.1:2"}


def test_a_folder_is_refused_while_another_one_has_it(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    with claimed(folder):
        StateFile(folder, ADDRESSES).write({"api": 5})
        with pytest.raises(AlreadyRunning) as refused, claimed(folder):
            pass
    assert str(refused.value).count("\n") == 0
    assert str(folder) in str(refused.value)
    assert f"process {os.getpid()}" in str(refused.value)


def test_a_folder_is_free_again_afterwards(tmp_path: Path) -> None:
    for _ in range(2):
        with claimed(tmp_path):
            pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SupervisorError, match="file/data"), claimed(tmp_path / "file" / "data"):
        pass


def test_the_state_file_says_where_everything_is(tmp_path: Path) -> None:
    state = StateFile(tmp_path, ADDRESSES)
    state.write({"api": 5, "broker": 6})
    written = json.loads((tmp_path / "up.json").read_text())
    assert written == {**ADDRESSES, "pid": os.getpid(), "processes": {"api": 5, "broker": 6}}


def test_the_state_file_goes_when_nothing_runs(tmp_path: Path) -> None:
    state = StateFile(tmp_path, ADDRESSES)
    state.write({})
    state.remove()
    state.remove()
    assert list(tmp_path.iterdir()) == []

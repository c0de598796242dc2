from __future__ import annotations

import json
from pathlib import Path

import pytest

from earshot.access import new_token, token_text
from earshot.cli.errors import CannotStart
from earshot.cli.running_system import (
    RunningSystem,
    find_api_token,
    find_api_url,
    find_running_system,
)
from earshot.settings import SettingsError


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("EARSHOT_REDIS_URL", "EARSHOT_API_URL", "EARSHOT_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)
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


def test_the_named_api_comes_before_the_environment_and_that_before_the_file(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(CannotStart, match="start one with `earshot up`, or name its API by --api"):
        find_api_url()
    (data_dir / "up.json").write_text(json.dumps({"redis_url": "x", "api_url": "http://h:1/"}))
    monkeypatch.setenv("EARSHOT_REDIS_URL", "redis://broker:6379/0")  # says nothing about the API
    assert find_api_url() == "http://h:1"
    monkeypatch.setenv("EARSHOT_API_URL", "https://h/earshot/")
    assert find_api_url() == "https://h/earshot"
    assert find_api_url("http://given:3") == "http://given:3"


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsError, match="must look like https://HOST/FOLDER"):
        find_api_url("kitchen")


def test_no_token_is_sent_when_none_is_set() -> None:
    assert find_api_token() == ""


def test_the_token_is_that_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    token = token_text(*new_token())
    monkeypatch.setenv("EARSHOT_API_TOKEN", f"{token}\n")
    assert find_api_token() == token


@pytest.mark.parametrize("text", ["secret", "esk_abcd1234_secret", "a\r\nb: secret"])
def test_what_is_no_token_is_refused_and_not_repeated(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("EARSHOT_API_TOKEN", text)
    with pytest.raises(SettingsError, match=r"^EARSHOT_API_TOKEN: must be a token") as refused:
        find_api_token()
    assert "secret" not in str(refused.value)

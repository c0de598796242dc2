from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.e2e.live import DEADLINE_S, wait_until

pytestmark = pytest.mark.e2e

ALL = {"broker", "modelserver", "features", "features-2", "classifier", "notifier", "api"}

Up = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Up]:
    """Starts `earshot up` on a folder of the test's, on any port."""
    started = []

    def start(*options: str, **environment: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "earshot.cli", "up", "--data-dir", str(tmp_path)]
        process = subprocess.Popen(
            [*command, *(options or ("--port", "0"))],
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate(timeout=DEADLINE_S)


def test_it_stops_in_order_and_leaves_nothing_when_told_to(up: Up, tmp_path: Path) -> None:
    process = up("--port", "0", "--features", "2")
    state = _state(tmp_path, ALL)
    wait_until(lambda: _is_ready(state["api_url"]), "the api is ready")
    assert state["pid"] == process.pid

    refused = up()
    _, errors = refused.communicate(timeout=DEADLINE_S)
    assert refused.returncode == 2
    assert "runs there already" in errors
    assert errors.count("\n") == 1

    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, errors) == (0, "")
    assert not [name for name, pid in state["processes"].items() if _is_alive(pid)]
    assert not (tmp_path / "up.json").exists()


def test_nothing_is_left_when_it_is_killed(up: Up, tmp_path: Path) -> None:
    process = up()
    pids = _state(tmp_path, ALL - {"features-2"})["processes"].values()
    process.kill()
    wait_until(lambda: not any(map(_is_alive, pids)), "all processes have ended")


def test_it_ends_with_the_reason_when_a_service_refuses_to_start(up: Up) -> None:
    process = up(EARSHOT_EMBEDDER="no-such-model")
    _, errors = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 2
    assert "features refuses to start" in errors
    assert "no-such-model" in errors
    assert "Traceback" not in errors


def test_it_refuses_a_port_that_is_in_use(up: Up) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        process = up("--port", port)
        _, errors = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 2
    assert port in errors
    assert errors.count("\n") == 1


def test_it_refuses_settings_that_make_no_sense(up: Up) -> None:
    process = up(EARSHOT_PARTITIONS="0")
    _, errors = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 2
    assert "EARSHOT_PARTITIONS" in errors
    assert errors.count("\n") == 1


def _state(folder: Path, names: set[str]) -> dict[str, Any]:
    """What `up.json` says once all of these run."""
    state: dict[str, Any] = {}

    def is_complete() -> bool:
        if (folder / "up.json").exists():
            state.update(json.loads((folder / "up.json").read_text()))
        return set(state.get("processes", ())) == names

    wait_until(is_complete, f"{names} run")
    return state


def _is_ready(api_url: str) -> bool:
    try:
        return httpx.get(f"{api_url}/readyz", timeout=5).is_success
    except httpx.HTTPError:
        return False


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"

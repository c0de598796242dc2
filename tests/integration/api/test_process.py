"""The api as a process: starts, answers over real HTTP, stops when told, refuses to start."""

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
from sqlalchemy import Engine

from earshot.access import LOCAL, Scope
from earshot.events.event import SoundEvent
from earshot.store.tokens import create_token

REPOSITORY = Path(__file__).resolve().parents[3]
DEADLINE_S = 30

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start(database_url: str) -> Iterator[Start]:
    """Starts `python -m services.api` with these variables, on a free port."""
    processes = []

    def run(**variables: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if "EARSHOT" not in name}
        ours = {"EARSHOT_API_PORT": "0", "EARSHOT_DATABASE_URL": database_url, **variables}
        process = subprocess.Popen(
            [sys.executable, "-m", "services.api"],
            cwd=REPOSITORY,
            env={**kept, **ours},
            stderr=subprocess.PIPE,
            text=True,
        )
        processes.append(process)
        return process

    yield run
    for process in processes:
        process.kill()
        process.communicate(timeout=DEADLINE_S)


def _log_until(process: subprocess.Popen[str], event: str) -> list[dict[str, Any]]:
    """Reads log lines up to the one with this event."""
    assert process.stderr is not None
    lines: list[dict[str, Any]] = []
    for line in process.stderr:
        lines.append(json.loads(line))
        if lines[-1]["event"] == event:
            return lines
    raise AssertionError(f"ended with {process.wait()} before {event!r}: {lines}")


def _url(process: subprocess.Popen[str]) -> str:
    return f"http://127.0.0.1:{_log_until(process, 'api listening')[-1]['port']}"


def _refusal(process: subprocess.Popen[str]) -> str:
    """The whole of standard error of a process that ends with exit code 2."""
    _, text = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 2, text
    return text


def test_events_are_answered_when_the_process_runs(
    start: Start, commit: Callable[..., None], sound_event: Callable[..., SoundEvent]
) -> None:
    commit([sound_event()])
    url = _url(start())
    assert httpx.get(f"{url}/readyz").json()["status"] == "ready"
    assert len(httpx.get(f"{url}/v1/events").json()["events"]) == 1
    metrics = httpx.get(f"{url}/metrics").text
    assert 'earshot_build_info{python="' in metrics
    assert 'route="/v1/events"' in metrics


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_process_ends_with_code_0_when_told_to_stop(start: Start, number: signal.Signals) -> None:
    process = start()
    url = _url(process)
    with httpx.Client() as kept_alive:
        assert kept_alive.get(f"{url}/healthz").status_code == 200
        process.send_signal(number)
        _, rest = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 0
    assert "Traceback" not in rest


def test_process_runs_but_is_not_ready_when_the_broker_is_away(
    start: Start, engine: Engine
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    url = _url(start(EARSHOT_REDIS_URL=f"redis://127.0.0.1:{port}/0"))
    answer = httpx.get(f"{url}/readyz")
    assert answer.status_code == 503
    assert answer.json()["detail"].startswith("broker: ")
    assert httpx.get(f"{url}/v1/events").status_code == 200


def test_misspelt_variable_is_told_when_the_process_starts(start: Start) -> None:
    lines = _log_until(start(EARSHOT_API_PROT="1"), "api listening")
    assert lines[0]["level"] == "warning"
    assert lines[0]["event"].endswith("did you mean EARSHOT_API_PORT?")


@pytest.mark.usefixtures("engine")
def test_start_is_refused_in_one_sentence_when_others_could_reach_it(start: Start) -> None:
    assert _refusal(start(EARSHOT_API_HOST="0.0.0.0")) == (
        "EARSHOT_API_HOST='0.0.0.0': other machines can reach this address and there is no valid "
        "token: make one with `earshot token create NAME --scope read`, or listen on 127.0.0.1\n"
    )


@pytest.mark.usefixtures("engine")
def test_a_web_page_that_calls_itself_this_machine_is_refused(start: Start) -> None:
    url = _url(start())
    answer = httpx.get(f"{url}/v1/events", headers={"Host": "evil.example:8080"})
    assert answer.status_code == 421
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("without tokens only this machine is served")
    for host in ("localhost:1", "LOCALHOST", "127.0.0.1", "[::1]:8080"):
        assert httpx.get(f"{url}/v1/events", headers={"Host": host}).status_code == 200


def test_start_is_refused_beyond_loopback_when_there_are_no_tables(start: Start) -> None:
    sentence = _refusal(start(EARSHOT_API_HOST="0.0.0.0"))
    assert "no token can be found (database: " in sentence
    assert len(sentence.splitlines()) == 1


@pytest.mark.parametrize(
    ("variables", "metrics"),
    [({"EARSHOT_API_HOST": "0.0.0.0"}, 401), ({"EARSHOT_API_REQUIRE_TOKENS": "true"}, 200)],
)
def test_a_token_is_needed_when_others_could_reach_it_or_the_setting_says_so(
    start: Start, engine: Engine, variables: dict[str, str], metrics: int
) -> None:
    _, token = create_token(engine, "test", [Scope.READ], None, LOCAL)
    url = _url(start(**variables))
    for path, status in (("/healthz", 200), ("/readyz", 200), ("/metrics", metrics)):
        assert httpx.get(f"{url}{path}").status_code == status
    for path in ("/v1/events", "/metrics"):
        assert httpx.get(f"{url}{path}", headers=_bearer(token)).status_code == 200
    assert httpx.get(f"{url}/v1/events").status_code == 401


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_start_is_refused_with_a_line_per_problem_when_settings_are_wrong(start: Start) -> None:
    variables = {"EARSHOT_API_PORT": "http", "EARSHOT_DATABASE_URL": "mysql://root:secret@db/x"}
    assert sorted(_refusal(start(**variables)).splitlines()) == [
        "EARSHOT_API_PORT='http': must be a whole number from 0 to 65535",
        "EARSHOT_DATABASE_URL='mysql://root:***@db/x': must start with sqlite:/// or postgresql://",
    ]


def test_start_is_refused_when_the_port_is_taken(start: Start) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        last = _refusal(start(EARSHOT_API_PORT=str(port))).splitlines()[-1]
    assert last == f"EARSHOT_API_PORT={port}: cannot listen on 127.0.0.1: Address already in use"

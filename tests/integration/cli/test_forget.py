"""`earshot forget` as a process, against a real api, with and without a terminal."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from earshot.events.event import SoundEvent
from earshot.store.devices import get_device
from tests.integration.api import conftest as api
from tests.integration.api.live_feed import Server, serving
from tests.integration.cli.conftest import WITHIN_S

Commit = Callable[[list[SoundEvent]], None]
Start = Callable[..., subprocess.Popen[str]]

database_url, engine, commit, sound_event = (
    api.database_url,
    api.engine,
    api.commit,
    api.sound_event,
)


@pytest.fixture
def server(engine: Engine) -> Iterator[Server]:
    with serving(engine, None) as running:
        yield running


@pytest.fixture(autouse=True)
def heard(commit: Commit, sound_event: Callable[..., SoundEvent]) -> None:
    commit([sound_event("kitchen", onset_s=second) for second in range(3)])


def run(earshot_process: Start, server: Server, *words: str) -> tuple[int, str, str]:
    process = earshot_process("forget", *words, EARSHOT_API_URL=server.url)
    out, errors = process.communicate(timeout=WITHIN_S)
    assert "Traceback" not in errors
    return process.returncode, out, errors


def test_a_device_is_forgotten_and_it_says_what_is_not(
    earshot_process: Start, server: Server, engine: Engine
) -> None:
    code, out, errors = run(earshot_process, server, "kitchen", "--yes")

    assert (code, out) == (0, "")
    said = errors.splitlines()
    assert said[0] == (
        "earshot: kitchen is forgotten; deleted: "
        "events 3, revisions 3, embeddings 0, coverage 0, sessions 1"
    )
    assert said[1].startswith("earshot: the broker's streams keep what they hold of it until")
    assert said[2].endswith("registers itself, unless EARSHOT_UNKNOWN_DEVICES=refuse")
    assert get_device(engine, "kitchen") is None
    code, _, errors = run(earshot_process, server, "kitchen", "--yes")
    assert code == 2
    assert "answers 404: nothing is kept of a device with the id 'kitchen'" in errors


def test_programs_get_counts(earshot_process: Start, server: Server) -> None:
    code, out, _ = run(earshot_process, server, "kitchen", "--yes", "--json")

    assert code == 0
    assert json.loads(out) == {
        **{"device": "kitchen", "events": 3, "revisions": 3},
        **{"embeddings": 0, "coverage": 0, "sessions": 1},
    }


def test_nothing_is_deleted_where_nobody_can_be_asked(server: Server, engine: Engine) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "earshot.cli", "forget", "kitchen"],
        env={**os.environ, "EARSHOT_API_URL": server.url},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )

    sentence = "earshot: nobody can be asked here whether to forget kitchen: say --yes\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", sentence)
    assert get_device(engine, "kitchen") is not None


@pytest.mark.parametrize(("answer", "code"), [("n", 1), ("", 1), ("y", 0)])
def test_a_person_is_asked(server: Server, engine: Engine, answer: str, code: int) -> None:
    ours, theirs = pty.openpty()
    os.write(ours, f"{answer}\n".encode())
    ended = subprocess.run(
        [sys.executable, "-m", "earshot.cli", "forget", "kitchen"],
        env={**os.environ, "EARSHOT_API_URL": server.url},
        stdin=theirs,
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    os.close(ours)
    os.close(theirs)

    assert "delete for good all that is kept of kitchen" in ended.stderr
    assert ended.returncode == code
    assert (get_device(engine, "kitchen") is None) == (code == 0)
    assert ("nothing was deleted" in ended.stderr) == (code == 1)

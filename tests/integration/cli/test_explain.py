"""`earshot explain` as a process, against a real api and a real model server."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine

from tests.integration.api import rescored_fixtures
from tests.integration.api.live_feed import serving
from tests.integration.api.rescored import (
    DEVICE,
    Commit,
    Heard,
    keep,
    source,
)
from tests.integration.cli.conftest import WITHIN_S

Start = Callable[..., "subprocess.Popen[str]"]

model_server, heard = rescored_fixtures.model_server, rescored_fixtures.heard


@pytest.fixture
def url(engine: Engine, commit: Commit, model_server: str, heard: Heard) -> Iterator[str]:
    commit(heard.revisions)
    keep(engine, heard)
    rescorer = source(engine, model_server)
    with serving(engine, None, taxonomy=heard.taxonomy, rescorer=rescorer) as server:
        yield server.url


def run(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, errors = process.communicate(timeout=WITHIN_S)
    assert "Traceback" not in errors
    return process.returncode, out, errors


def test_an_event_is_explained(earshot_process: Start, url: str, heard: Heard) -> None:
    event = next(each for each in heard.revisions if each.label == "Alarm")
    code, out, errors = run(earshot_process("explain", event.event_id, "--api", url, TZ="UTC"))
    assert (code, errors) == (0, "")
    lines = out.splitlines()
    assert "kitchen           Alarm" in lines[0]
    assert any("started     It started" in line for line in lines)
    assert any(line.startswith("on_score") and "built in" in line for line in lines)
    assert "------" not in out  # the drawing is for terminals


def test_a_program_gets_the_answer_of_the_api(
    earshot_process: Start, url: str, heard: Heard
) -> None:
    event = next(each for each in heard.revisions if each.label == "Alarm")
    code, out, errors = run(earshot_process("explain", event.event_id, "--json", "--api", url))
    assert (code, errors) == (0, "")
    assert json.loads(out)["curve"]["model"] == "earshot-default@1"


def test_a_moment_of_a_device_is_explained(earshot_process: Start, url: str) -> None:
    words = ("explain", "--device", DEVICE, "--at", "2026-05-01T00:00:09Z", "--api", url)
    code, out, errors = run(earshot_process(*words, TZ="UTC"))
    assert (code, errors) == (0, "")
    heading, _, columns, *labels = out.splitlines()
    assert heading.startswith("kitchen  2026-05-01 00:00:08")
    assert columns.split() == ["LABEL", "SCORE", "STANDING", "WHY"]
    assert sorted(line.split()[0] for line in labels) == ["Alarm", "Music"]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("unknown",), 2, "no event has the id 'unknown'"),
        ((), 2, "either EVENT_ID, or both --device and --at"),
        (("x", "--device", "kitchen"), 2, "either EVENT_ID, or both --device and --at"),
        (("--device", "a/b", "--at", "2026-05-01T00:00:09Z"), 2, "1 to 128 letters"),
        (("--device", "kitchen", "--at", "noon"), 2, "'noon': a time such as"),
        (("--device", "hall", "--at", "2026-05-01T00:00:09Z"), 2, "no device with the id 'hall'"),
    ],
)
def test_what_cannot_be_explained_is_refused_in_one_line(
    earshot_process: Start, url: str, words: tuple[str, ...], code: int, sentence: str
) -> None:
    ended, out, errors = run(
        earshot_process("explain", *words, EARSHOT_API_URL=url, COLUMNS="300", TERM="dumb")
    )
    assert (ended, out) == (code, "")
    assert sentence in errors

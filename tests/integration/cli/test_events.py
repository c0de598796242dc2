"""`earshot events` as a process, against a real api."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from earshot.embedded_broker import free_port
from earshot.events.event import SoundEvent
from tests.integration.api import conftest as api
from tests.integration.api.live_feed import Server, serving
from tests.integration.cli.conftest import WITHIN_S

Start = Callable[..., "subprocess.Popen[str]"]
MakeEvent = Callable[..., SoundEvent]
Commit = Callable[[list[SoundEvent]], None]


def run(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, errors = process.communicate(timeout=WITHIN_S)
    assert "Traceback" not in errors
    return process.returncode, out, errors


def test_events_are_listed_the_newest_at_the_end(
    earshot_process: Start, server: Server, commit: Commit, sound_event: MakeEvent
) -> None:
    commit([sound_event(onset_s=n * 60, label="Dog") for n in range(3)])
    commit([sound_event(device="hall", onset_s=300, duration_s=24, peak_score=0.941)])
    code, out, errors = run(
        earshot_process("events", "--limit", "3", EARSHOT_API_URL=f"{server.url}/", TZ="UTC")
    )
    assert (code, errors) == (0, "")
    assert out.splitlines() == [
        "2026-05-01 00:01:00  kitchen           Dog                   ended        2.0 s  0.90",
        "2026-05-01 00:02:00  kitchen           Dog                   ended        2.0 s  0.90",
        "2026-05-01 00:05:00  hall              Siren                 ended       24.0 s  0.94",
    ]


def test_filters_and_the_system_of_earshot_up_are_used(
    earshot_process: Start,
    server: Server,
    commit: Commit,
    sound_event: MakeEvent,
    tmp_path: Path,
) -> None:
    (tmp_path / "up.json").write_text(json.dumps({"redis_url": "x", "api_url": server.url}))
    commit([sound_event(), sound_event(label="Dog", onset_s=9), sound_event(device="hall")])
    code, out, errors = run(
        earshot_process(
            "events", "--device", "kitchen", "--label", "Dog", "--json",
            EARSHOT_DATA_DIR=str(tmp_path),
        )
    )  # fmt: skip
    assert (code, errors) == (0, "")
    (event,) = map(json.loads, out.splitlines())
    assert (event["device_id"], event["label"], event["revision"]) == ("kitchen", "Dog", 1)


def test_since_lists_all_of_that_time_over_several_pages(
    earshot_process: Start, server: Server, commit: Commit, sound_event: MakeEvent
) -> None:
    now_s = int(datetime.now(UTC).timestamp()) - api.MIDNIGHT_NS // api.SECOND_NS
    recent = [sound_event(onset_s=now_s - 10 - n) for n in range(510)]
    commit([*recent, sound_event(onset_s=now_s - 7200)])
    code, out, _ = run(earshot_process("events", "--since", "1h", "--api", server.url))
    assert (code, len(out.splitlines())) == (0, 510)
    code, out, _ = run(
        earshot_process("events", "--since", "1h", "--limit", "7", "--api", server.url)
    )
    assert (code, len(out.splitlines())) == (0, 7)


def test_follow_without_a_broker_says_what_to_set(earshot_process: Start, engine: Engine) -> None:
    with serving(engine, None) as server:
        code, out, errors = run(earshot_process("events", "--follow", "--api", server.url))
    assert (code, out) == (1, "")
    (line,) = errors.splitlines()
    assert "answers 503: the live feed needs the broker: set EARSHOT_REDIS_URL" in line


@pytest.mark.parametrize("words", [["events"], ["events", "--follow"]])
def test_no_running_api_is_one_sentence(
    earshot_process: Start, words: list[str], tmp_path: Path
) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    code, out, errors = run(earshot_process(*words, EARSHOT_API_URL=url))
    assert (code, out) == (1, "")
    assert errors.startswith(f"earshot: the API at {url} does not answer (")
    code, out, errors = run(earshot_process(*words, EARSHOT_DATA_DIR=str(tmp_path)))
    assert (code, out) == (1, "")
    assert errors.startswith("earshot: no system to ask: start one with `earshot up`")


@pytest.mark.parametrize(
    "words",
    [
        ["--since", "soon"],
        ["--since", "0h"],
        ["--since", "99999999w"],
        ["--device", "a b"],
        ["--limit", "-1"],
        ["--api", "ftp://x"],
    ],
)
def test_a_wrong_option_is_refused(earshot_process: Start, words: list[str]) -> None:
    code, out, errors = run(earshot_process("events", *words))
    assert (code, out) == (2, "")
    assert errors


def test_a_label_the_api_refuses_is_its_sentence(earshot_process: Start, server: Server) -> None:
    code, _, errors = run(earshot_process("events", "--label", "x" * 101, "--api", server.url))
    assert code == 2
    assert "answers 422: query parameter label=" in errors

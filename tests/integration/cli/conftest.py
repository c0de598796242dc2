"""The commands: in this process where that is cheaper, and as processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import typer
from sqlalchemy import Engine
from typer.testing import CliRunner

from earshot.cli.classify import classify
from earshot.cli.hearing.listener import Listener
from earshot.cli.hearing.settings import HearingSettings
from earshot.cli.play import play
from earshot.streams.redis_streams import RedisStreams
from tests.integration.api import conftest as api
from tests.integration.api.live_feed import Server, Writer, serving
from tests.integration.cli.sounds import alarm, write

WITHIN_S = 60.0


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    errors: str

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The lines of ndjson; NaN and infinity in them are no JSON."""

        def refuse(constant: str) -> None:
            raise AssertionError(constant)

        return [json.loads(line, parse_constant=refuse) for line in self.out.splitlines()]


Earshot: TypeAlias = Callable[..., Ended]

# A database, and what is in it, as the api's own tests have them.
database_url, engine, commit = api.database_url, api.engine, api.commit
sound_event, ended = api.sound_event, api.ended


# Labels of the tests' own, so that nobody who tunes the product's has to look here.
TAXONOMY = """
defaults: {on_score: 0.25, off_score: 0.12, merge_gap_s: 2.88}
labels:
  - name: Alarm tone
    category: safety
    priority: critical
    classes: ["Smoke detector, smoke alarm", Fire alarm, Alarm, "Beep, bleep"]
  - {name: Speech, category: human, priority: low, classes: [Speech]}
"""


@pytest.fixture(scope="session")
def taxonomy_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("config") / "taxonomy.yaml"
    file.write_text(TAXONOMY)
    return file


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch, taxonomy_file: Path) -> None:
    for name in os.environ:
        if name.startswith("EARSHOT_") and name != "EARSHOT_TEST_DATA":
            monkeypatch.delenv(name)
    monkeypatch.setenv("EARSHOT_TAXONOMY_FILE", str(taxonomy_file))


@pytest.fixture
def earshot() -> Earshot:
    """Runs a command in this process."""
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command()(classify)
    app.command()(play)

    def run(*words: str | Path) -> Ended:
        result = CliRunner().invoke(app, list(map(str, words)), terminal_width=500)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert "Traceback" not in result.stderr
        return Ended(result.exit_code, result.stdout, result.stderr)

    return run


@pytest.fixture
def earshot_process() -> Callable[..., subprocess.Popen[str]]:
    """Starts the program as a process of its own."""
    words_before = [sys.executable, "-m", "earshot.cli"]

    def start(*words: str | Path, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*words_before, *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **environment},
            text=True,
        )

    return start


@pytest.fixture
def server(engine: Engine, redis_streams: RedisStreams) -> Iterator[Server]:
    """A real api with a live feed."""
    with serving(engine, redis_streams) as running:
        yield running


@pytest.fixture
def writer(redis_streams: RedisStreams) -> Writer:
    """Writes the events stream that the api follows."""
    return Writer(redis_streams)


@pytest.fixture(scope="session")
def settings(taxonomy_file: Path) -> HearingSettings:
    """The shipped models, and the tests' labels."""
    return HearingSettings(taxonomy_file=taxonomy_file)


@pytest.fixture(scope="session")
def listener(settings: HearingSettings) -> Listener:
    return Listener.load(settings)


@pytest.fixture(scope="session")
def alarm_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """12 s with an alarm from second 3 on."""
    return write(tmp_path_factory.mktemp("sounds") / "alarm.wav", alarm())

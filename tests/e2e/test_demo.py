from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.live import DEADLINE_S

pytestmark = pytest.mark.e2e

Demo = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """Starts `earshot demo`, which makes its folder in that of the test."""
    started = []

    def start(*options: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "earshot.cli", "demo", *options],
            env={**os.environ, "TMPDIR": str(tmp_path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate(timeout=DEADLINE_S)


def test_all_that_is_there_is_heard(demo: Demo, tmp_path: Path) -> None:
    process = demo()
    output, errors = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, errors) == (0, ""), output
    assert "3 of 3 sounds that are there were heard" in output
    assert "curl 'http://127.0.0.1:" in output
    assert "\x1b" not in output
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_when_it_is_interrupted(demo: Demo, tmp_path: Path) -> None:
    process = demo("--keep")
    assert process.stdout is not None
    first_event = next(line for line in process.stdout if "started" in line)
    process.send_signal(signal.SIGTERM)
    output, errors = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, errors) == (130, ""), first_event + output
    assert list(tmp_path.iterdir()) == []

"""The commands of the training part: what follows is theirs; a library that is missing is named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from earshot.cli.training import TRAINING_COMMANDS

REPOSITORY = Path(__file__).parents[3]
HIDE = """
import sys
sys.modules.update(dict.fromkeys(sys.argv[1].split(",")))
sys.argv = ["earshot", *sys.argv[2:]]
from earshot.cli.__main__ import main
main()
"""


def earshot(*words: str, without: str = "") -> subprocess.CompletedProcess[str]:
    """Runs `earshot WORDS` in a process that lacks the modules named."""
    command = [sys.executable, "-c", HIDE, without, *words]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=100)


@pytest.mark.parametrize(
    ("command", "library"),
    [
        ("train", "tensorflow"),
        ("evaluate", "tensorflow"),
        ("export", "tensorflow"),
        ("dataset", "tensorflow"),
        ("train", "keras"),
    ],
)
def test_a_missing_library_is_named_with_what_installs_it(command: str, library: str) -> None:
    ended = earshot(command, "--help", without=library)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.splitlines()[-1] == (
        f"earshot: {command} needs {library}, which is not installed: "
        "pip install 'earshot[training]'"
    )
    assert "Traceback" not in ended.stderr


def test_the_help_says_what_each_is() -> None:
    ended = earshot("--help")
    assert ended.returncode == 0
    for command in TRAINING_COMMANDS:
        assert f" {command.__name__} " in ended.stdout


@pytest.mark.parametrize(
    ("words", "code", "out", "err"),
    [
        (["train", "-h"], 0, "usage: earshot train [options]", ""),
        (["export", "--help"], 0, "usage: earshot export ", ""),
        (["evaluate", "--help"], 0, "usage: earshot evaluate ", ""),
        (["dataset", "--help"], 0, "usage: earshot dataset ", ""),
        (["train", "--model=no", "--out", "x"], 2, "", "earshot train: error: argument --model"),
        (["train", "--data", "/no/where"], 1, "", "error: --data /no/where: no such folder"),
    ],
)
def test_what_follows_is_the_command_s_own(words: list[str], code: int, out: str, err: str) -> None:
    pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")
    ended = earshot(*words)
    assert ended.returncode == code, ended.stderr
    assert out in ended.stdout
    assert err in ended.stderr
    assert "Traceback" not in ended.stderr

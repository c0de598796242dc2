from __future__ import annotations

import argparse

import pytest

from training.threads import add_threads


def threads_of(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_threads(parser)
    return int(parser.parse_args(arguments).threads)


def test_threads_are_two_unless_given() -> None:
    assert threads_of() == 2
    assert threads_of("--threads", "1") == 1


@pytest.mark.parametrize("number", ["0", "-1", "two", "1.5", ""])
def test_threads_below_one_are_refused(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        threads_of(f"--threads={number}")
    assert ended.value.code == 2
    assert f"--threads: {number!r} must be a number from 1 on" in capsys.readouterr().err

from __future__ import annotations

import sys

import pytest

from earshot.cli import progress
from earshot.cli.progress import FilesProgress


class Terminal:
    """Standard error as a terminal would be."""

    def __init__(self) -> None:
        self.text = ""

    def isatty(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        pass


def written(monkeypatch: pytest.MonkeyPatch, shown_after_s: float, is_wanted: bool = True) -> str:
    """What is written to a terminal while two files are worked off."""
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "SHOWN_AFTER_S", shown_after_s)
    work_off(FilesProgress(2, is_wanted))
    return terminal.text


def work_off(bar: FilesProgress) -> None:
    bar.step("a.wav", 0.5)
    bar.file_done()
    bar.hide()
    bar.step("b.wav", 0.5)
    bar.hide()
    bar.hide()


def test_it_is_shown_when_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    text = written(monkeypatch, 0.0)
    assert "a.wav" in text
    assert "25 %" in text
    assert "b.wav" in text
    assert "75 %" in text


def test_it_is_not_shown_when_it_is_quick(monkeypatch: pytest.MonkeyPatch) -> None:
    assert written(monkeypatch, 60.0) == ""


def test_it_is_not_shown_when_nobody_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert written(monkeypatch, 0.0, is_wanted=False) == ""


def test_it_is_not_shown_without_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SHOWN_AFTER_S", 0.0)
    work_off(FilesProgress(2))
    assert capsys.readouterr().err == ""

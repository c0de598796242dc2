from __future__ import annotations

from pathlib import Path

import pytest
import typer

from earshot.cli.errors import CannotStart
from earshot.cli.output import refuse_in_one_line, say, shown


@pytest.mark.parametrize(
    ("name", "text"),
    [("a b.wav", "a b.wav"), ("é.wav", "é.wav"), ("a\nb\x1b[2J", "a\\nb\\x1b[2J")],
)
def test_names_are_shown_on_one_line(name: str, text: str) -> None:
    assert shown(Path(name)) == text


def test_each_line_says_who_speaks(capsys: pytest.CaptureFixture[str]) -> None:
    say("one\ntwo")
    say("")
    assert capsys.readouterr().err == "earshot: one\nearshot: two\n"


def test_an_expected_error_is_one_line_and_exit_code_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended, refuse_in_one_line(CannotStart):
        raise CannotStart("no model")
    assert ended.value.exit_code == 2
    assert capsys.readouterr().err == "earshot: no model\n"


def test_a_defect_keeps_its_traceback() -> None:
    with pytest.raises(ZeroDivisionError), refuse_in_one_line(CannotStart):
        _ = 1 / 0

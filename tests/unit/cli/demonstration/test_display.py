from __future__ import annotations

import io

from rich.console import Console

from earshot.cli.demonstration.display import Display
from earshot.cli.demonstration.heard import Finding, Heard
from earshot.cli.soundscapes.soundscape import Occurrence

HEARD = Heard("id", "street-1", "Siren", "started", 9.6, 10.56, 0.7)
FOUND = Finding("street-1", Occurrence("Siren", 9.0, 22.0), HEARD)
MISSED = Finding("kitchen-1", Occurrence("Smoke alarm", 11.0, 21.5), None)


def shown(is_terminal: bool) -> str:
    out = io.StringIO()
    display = Display(Console(file=out, force_terminal=is_terminal, width=80, color_system=None))
    with display.live():
        display.add([HEARD])
    display.compare([FOUND, MISSED], [HEARD])
    return out.getvalue()


def test_there_are_only_lines_when_it_is_no_terminal() -> None:
    lines = shown(is_terminal=False).splitlines()
    assert lines[0] == "street-1: Siren  09.6–10.6  0.70  started"
    assert lines[1].endswith("onset +0.60 s  score 0.70  found")
    assert lines[2].endswith("missed")
    assert lines[3].startswith("Heard as well: street-1: Siren")
    assert len(lines) == 4


def test_there_is_a_table_that_fits_when_it_is_a_terminal() -> None:
    text = shown(is_terminal=True)
    assert "kitchen-1: Smoke alarm" in text
    assert "+0.60 s" in text
    assert "missed" in text
    assert "…" not in text


def test_brackets_are_no_markup() -> None:
    out = io.StringIO()
    Display(Console(file=out, force_terminal=False)).say("[red]x[/red] [1]")
    assert out.getvalue() == "[red]x[/red] [1]\n"

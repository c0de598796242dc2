"""What the demonstration shows: tables on a terminal, one of them live; lines elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.live import Live
from rich.table import Table

from earshot.cli.demonstration.heard import Finding, Heard

FINDING_COLUMNS = ("sound", "truth, s", "heard, s", "onset", "score", "")


class Display:
    """Writes to a console; the live table is there within `live`."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._newest: dict[str, Heard] = {}
        self._live: Live | None = None

    def say(self, text: str) -> None:
        """Writes a line, however long."""
        self._console.print(text, highlight=False, markup=False, soft_wrap=True)

    @contextmanager
    def live(self) -> Iterator[None]:
        """Keeps a table of the events on a terminal meanwhile."""
        if not self._console.is_terminal:
            yield
            return
        with Live(self._events(), console=self._console, refresh_per_second=8) as self._live:
            yield
        self._live = None

    def add(self, revisions: Iterable[Heard]) -> None:
        """Shows revisions as they come."""
        for heard in revisions:
            self._newest[heard.event_id] = heard
            if not self._live:
                self.say("  ".join(_event_cells(heard)))
        if self._live:
            self._live.update(self._events())

    def compare(self, findings: Sequence[Finding], unexpected: Sequence[Heard]) -> None:
        """Shows the truth beside what was found."""
        table = _table(*FINDING_COLUMNS)
        for finding in findings:
            table.add_row(*_finding_cells(finding), style="green" if finding.found else "red")
            if not self._console.is_terminal:
                cells = zip(FINDING_COLUMNS, _finding_cells(finding), strict=True)
                self.say("  ".join(f"{column} {cell}".strip() for column, cell in cells))
        if self._console.is_terminal:
            self._console.print(table)
        for heard in unexpected:
            self.say(f"Heard as well: {'  '.join(_event_cells(heard))}")

    def _events(self) -> Table:
        table = _table("event", "from–to, s", "score", "state")
        for heard in sorted(self._newest.values(), key=lambda each: (each.onset_s, each.device_id)):
            table.add_row(*_event_cells(heard), style="dim" if heard.state == "ended" else "bold")
        return table


def _table(first: str, *columns: str) -> Table:
    table = Table(first, *columns, box=SIMPLE_HEAD, padding=(0, 1))
    for column in table.columns:
        column.no_wrap = True
    return table


def _event_cells(heard: Heard) -> tuple[str, ...]:
    name = f"{heard.device_id}: {heard.label}"
    return name, _span(heard.onset_s, heard.offset_s), f"{heard.peak_score:.2f}", heard.state


def _finding_cells(finding: Finding) -> tuple[str, ...]:
    expected, found = finding.expected, finding.found
    name = f"{finding.device_id}: {expected.label}"
    known = (name, _span(expected.onset_s, expected.offset_s))
    if found is None:
        return (*known, "–", "–", "–", "missed")
    error = f"{found.onset_s - expected.onset_s:+.2f} s"
    return (*known, _span(found.onset_s, found.offset_s), error, f"{found.peak_score:.2f}", "found")


def _span(onset_s: float, offset_s: float) -> str:
    return f"{onset_s:04.1f}–{offset_s:04.1f}"

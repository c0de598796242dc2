"""For people: one line per event, under the file's name when there are several."""

from __future__ import annotations

from pathlib import Path

import typer

from earshot.cli.output import shown
from earshot.cli.reports.report import Report, ReportedEvent

_NUM_GUESSES = 3


class TableWriter:
    """`Siren: 03.2s–06.1s  0.91`: label, onset to offset, highest score.

    Args:
        is_many: Whether to say which file is meant.
        colours: Terminal colour of each label that has one.
    """

    def __init__(self, is_many: bool, colours: dict[str, str]) -> None:
        self._is_many, self._colours = is_many, colours

    def begin(self) -> str:
        """See `Writer.begin`."""
        return ""

    def report(self, report: Report) -> str:
        """See `Writer.report`; nothing for a refused file."""
        if report.error is not None or report.duration_s is None:
            return ""
        lines = self._events(report.events, report.duration_s) or [_no_events(report)]
        if not self._is_many:
            return "".join(f"{line}\n" for line in lines)
        name = typer.style(shown(Path(report.file)), bold=True)
        heading = f"{name}  {clock(report.duration_s, report.duration_s).lstrip('0')}"
        return "".join(f"{line}\n" for line in [heading, *(f"  {line}" for line in lines), ""])

    def end(self) -> str:
        """See `Writer.end`."""
        return ""

    def _events(self, events: tuple[ReportedEvent, ...], duration_s: float) -> list[str]:
        width = max((len(event.label) for event in events), default=0) + 1
        return [
            typer.style(f"{event.label + ':':<{width}}", fg=self._colours.get(event.label))
            + f" {clock(event.onset_s, duration_s)}–{clock(event.offset_s, duration_s)}"
            + f"  {event.score:.2f}"
            for event in events
        ]


class BriefWriter:
    """`Speech: 0.75, Music: 0.12`: the model's own classes above a score, highest first.

    Args:
        is_many: Whether to begin with the file's name.
        threshold: Only what is above it is said, 0 to 1.
    """

    def __init__(self, is_many: bool, threshold: float) -> None:
        self._is_many, self._threshold = is_many, threshold

    def begin(self) -> str:
        """See `Writer.begin`."""
        return ""

    def report(self, report: Report) -> str:
        """See `Writer.report`; nothing for a refused file."""
        if report.error is not None:
            return ""
        said = [
            f"{top.label}: {top.score:.2f}" for top in report.top if top.score > self._threshold
        ]
        line = ", ".join(said) or f"nothing above {self._threshold:g}"
        prefix = f"{shown(Path(report.file))}: " if self._is_many else ""
        return f"{prefix}{line}\n"

    def end(self) -> str:
        """See `Writer.end`."""
        return ""


def clock(moment_s: float, duration_s: float) -> str:
    """Returns a moment of a recording: `03.2s`, `01:03.2` in one of minutes, `1:01:03.2`.

    Args:
        moment_s: Seconds from the start.
        duration_s: Of the recording, so that all of its moments look alike.
    """
    tenths = round(moment_s * 10)
    minutes, seconds = divmod(tenths, 600)
    if duration_s < 60:
        return f"{tenths / 10:04.1f}s"
    if duration_s < 3600:
        return f"{minutes:02d}:{seconds / 10:04.1f}"
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds / 10:04.1f}"


def _no_events(report: Report) -> str:
    guesses = (f"{top.label} {top.score:.2f}" for top in report.top[:_NUM_GUESSES])
    return f"no events; most likely {' · '.join(guesses)}"

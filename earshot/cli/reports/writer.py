"""The port of the forms in which reports are written."""

from __future__ import annotations

from typing import Protocol

from earshot.cli.reports.report import Report


class Writer(Protocol):
    """Turns reports into text, one after the other, so that results show as they come."""

    def begin(self) -> str:
        """Returns what stands before the first report."""

    def report(self, report: Report) -> str:
        """Returns one report; called for refused files, too."""

    def end(self) -> str:
        """Returns what stands after the last report."""

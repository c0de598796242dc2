"""Events as rows: CSV, and the label track that Audacity imports."""

from __future__ import annotations

import csv
import io

from earshot.cli.reports.report import Report

COLUMNS = ("file", "label", "onset_s", "offset_s", "score")


class CsvWriter:
    """A header, and a row for each event. Refused files and those without events have no row."""

    def begin(self) -> str:
        """See `Writer.begin`."""
        return _rows([COLUMNS])

    def report(self, report: Report) -> str:
        """See `Writer.report`."""
        return _rows(
            [
                (report.file, event.label, event.onset_s, event.offset_s, event.score)
                for event in report.events
            ]
        )

    def end(self) -> str:
        """See `Writer.end`."""
        return ""


class AudacityWriter:
    """Onset, offset and label with tabs between, six decimals: File > Import > Labels.

    A label track belongs to one recording: it says no file name.
    """

    def begin(self) -> str:
        """See `Writer.begin`."""
        return ""

    def report(self, report: Report) -> str:
        """See `Writer.report`."""
        return "".join(
            f"{event.onset_s:.6f}\t{event.offset_s:.6f}\t{' '.join(event.label.split())}\n"
            for event in report.events
        )

    def end(self) -> str:
        """See `Writer.end`."""
        return ""


def _rows(rows: list[tuple[object, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()

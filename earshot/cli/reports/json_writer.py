"""JSON: an object per line, or the same objects in one array."""

from __future__ import annotations

import json

from earshot.cli.reports.report import Report


class NdjsonWriter:
    """One object per line and file, also for refused ones. Plain ASCII, never NaN."""

    def begin(self) -> str:
        """See `Writer.begin`."""
        return ""

    def report(self, report: Report) -> str:
        """See `Writer.report`."""
        return _json(report) + "\n"

    def end(self) -> str:
        """See `Writer.end`."""
        return ""


class JsonWriter:
    """The objects of ndjson in one array."""

    def __init__(self) -> None:
        self._separator = ""

    def begin(self) -> str:
        """See `Writer.begin`."""
        return "[\n"

    def report(self, report: Report) -> str:
        """See `Writer.report`."""
        line = f"{self._separator}{_json(report)}\n"
        self._separator = ","
        return line

    def end(self) -> str:
        """See `Writer.end`."""
        return "]\n"


def _json(report: Report) -> str:
    return json.dumps(report.to_json(), allow_nan=False)

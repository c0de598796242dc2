"""The one log that all processes write to: merged line by line, for people or for machines."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from typing import Any, TextIO

from earshot.cli.supervisor.render import NAME_COLOURS, parse, render

SUPERVISOR = "up"  # the name under which the supervisor itself writes


class MergedLog:
    """Writes whole lines of many processes to one text stream. Used from one thread.

    Args:
        out: Where to.
        is_json: One JSON object per line: those of the processes with their name added as
            `process`, and anything else they write as the `event` of one. Otherwise lines for
            people, coloured when `out` is a terminal and the variable `NO_COLOR` is not set
            (https://no-color.org).

    Attributes:
        is_lost: Whether the other end of a pipe was closed: nobody reads on.
    """

    def __init__(self, out: TextIO, is_json: bool = False) -> None:
        self._out = out
        self._is_json = is_json
        self._has_colours = out.isatty() and not os.environ.get("NO_COLOR")
        self.is_lost = False
        self._colours: dict[str, str] = {}

    def line(self, process: str, line: str) -> None:
        """Writes a line that a process has written; drops it when it cannot."""
        if self.is_lost or not line.strip():
            return
        text = self._as_json(process, line) if self._is_json else self._for_people(process, line)
        try:
            self._out.write(text + "\n")
            self._out.flush()
        except BrokenPipeError:
            self.is_lost = True
            self._discard()
        except OSError:
            pass  # a full disk: the processes can do without their log

    def say(self, level: str, event: str, **fields: Any) -> None:
        """Writes a line of the supervisor's own."""
        timestamp = datetime.now(UTC).isoformat().replace("+00:00", "Z")
        own = {**fields, "service": SUPERVISOR, "level": level, "timestamp": timestamp}
        self.line(SUPERVISOR, json.dumps({"event": event, **own}, default=str))

    def _discard(self) -> None:
        """What is still in the stream's buffer goes nowhere: closing it would raise again."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._out.fileno())
        os.close(nowhere)

    def _as_json(self, process: str, line: str) -> str:
        fields = parse(line)
        if fields is None:
            fields = {"event": line.rstrip(), "service": process}
        return json.dumps({"process": process, **fields}, ensure_ascii=False)

    def _for_people(self, process: str, line: str) -> str:
        colour = ""
        if self._has_colours:
            name = process.partition("-")[0]
            colour = self._colours.setdefault(
                name, NAME_COLOURS[len(self._colours) % len(NAME_COLOURS)]
            )
        return render(process, line, datetime.now().astimezone(), colour)

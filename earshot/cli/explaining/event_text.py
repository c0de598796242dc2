"""Why an event is one, for people."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from earshot.cli.watching.revisions import line, printable

WIDTH = 100


def event_text(answer: Mapping[str, Any], curve: str) -> str:
    """Returns an explanation: the event, its curve, what happened to it, and its thresholds.

    Times are those of this machine's time zone.

    Args:
        answer: Of `/v1/events/{id}/explain`.
        curve: Its drawing; empty for none.
    """
    lines = [line(answer["event"]), ""]
    if curve:
        lines += [*curve.splitlines(), ""]
    lines += [_reason(each) for each in answer["reasons"]]
    lines += ["", *columns([_threshold(each) for each in answer["thresholds"]])]
    if answer["curve_missing_because"]:
        lines += ["", f"There are no scores: {printable(answer['curve_missing_because'])}."]
    lines += [f"Note: {printable(note)}" for note in answer["notes"]]
    return "".join(f"{each.rstrip()}\n" for each in lines)


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Returns rows of cells as lines, each column as wide as its widest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _reason(reason: Mapping[str, Any]) -> str:
    at = ""
    if reason["at"] is not None:
        at = f"{datetime.fromisoformat(reason['at']).astimezone():%H:%M:%S.%f}"[:-4]
    begin = f"{at:<11}  {reason['kind']:<10}  "
    sentence = printable(reason["sentence"])
    return textwrap.fill(sentence, WIDTH, initial_indent=begin, subsequent_indent=" " * len(begin))


def _threshold(threshold: Mapping[str, Any]) -> tuple[str, str, str, str]:
    stricter = f"{threshold['stricter']} is stricter" if threshold["stricter"] else ""
    value = f"{threshold['value']:g}"
    return threshold["name"], value, stricter, printable(threshold["source"])

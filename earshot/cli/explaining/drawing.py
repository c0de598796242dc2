"""A score curve drawn with characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

MAX_COLUMNS = 72
NUM_ROWS = 8
LEAST = 1 / 16  # a score below it is not drawn
HALF_PATCH = timedelta(milliseconds=480)


def drawing(answer: Mapping[str, Any], block: str = "█") -> str:
    """Returns the curve of an explanation, one line per eighth; empty without a curve.

    The event's own columns are blocks, those around it thin; `on_score` is a line of dots. Several
    patches share a column, which shows the highest of them, where there are too many.

    Args:
        answer: Of `/v1/events/{id}/explain`.
        block: What a column of the event is drawn with; one character.
    """
    curve, event = answer["curve"], answer["event"]
    if curve is None:
        return ""
    per_column = -(-len(curve["at"]) // MAX_COLUMNS)
    scores = [max(part) for part in _parts(curve["score"], per_column)]
    marks = [
        block if any(_is_inside(event, at) for at in part) else "|"
        for part in _parts(curve["at"], per_column)
    ]
    on_score = next((t["value"] for t in answer["thresholds"] if t["name"] == "on_score"), None)
    rows = [_row(row, scores, marks, on_score) for row in range(NUM_ROWS, 0, -1)]
    begin, end = _clock(curve["at"][0]), _clock(curve["at"][-1])
    axis = f"     {begin}{end:>{max(len(scores) - len(begin), len(end) + 2)}}"
    return "".join(f"{line}\n" for line in [*rows, f" 0.0 {'-' * len(scores)}", axis])


def _row(row: int, scores: Sequence[float], marks: Sequence[str], on_score: float | None) -> str:
    low, high = (row - 1) / NUM_ROWS, row / NUM_ROWS
    has_line = on_score is not None and low < on_score <= high
    above = max(low, LEAST)
    empty = "." if has_line else " "
    cells = [mark if score > above else empty for score, mark in zip(scores, marks, strict=True)]
    scale = " 1.0 " if row == NUM_ROWS else f"{on_score:4.2f} " if has_line else "     "
    return f"{scale}{''.join(cells)}".rstrip()


def _is_inside(event: Mapping[str, Any], at: str) -> bool:
    """Whether the middle of a patch is: clocks may differ by less than that."""
    middle = datetime.fromisoformat(at) + HALF_PATCH
    onset, offset = (datetime.fromisoformat(event[name]) for name in ("onset_at", "offset_at"))
    return onset <= middle < offset


def _parts(values: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [values[start : start + size] for start in range(0, len(values), size)]


def _clock(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone():%H:%M:%S}"

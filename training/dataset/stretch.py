"""What a person says about recordings: stretches of sound and their labels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

LABEL_SEPARATOR = ";"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a recording and what is heard in it.

    Attributes:
        path: The recording.
        recording_id: How the dataset calls it: its path below the source, with `/`.
        labels: Names; none for background.
        place: Who says so, `file:line` or the recording itself.
        start_s: Where it begins, 0 or more.
        end_s: Where it ends, after its start; None for the end of the recording.
    """

    path: Path
    recording_id: str
    labels: tuple[str, ...]
    place: str
    start_s: float = 0.0
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is left out.

    Attributes:
        place: The file, or `file:line`.
        reason: What is wrong there, and what is allowed.
    """

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


def read_labels(text: str) -> tuple[str, ...]:
    """Returns the names between semicolons, without doubles and in the order given."""
    names = (name.strip() for name in text.split(LABEL_SEPARATOR))
    return tuple(dict.fromkeys(name for name in names if name))


def read_times(start: str, end: str) -> tuple[float, float | None] | str:
    """Returns start and end in seconds, or what is wrong with them.

    Args:
        start: A number; nothing for 0.
        end: A number; nothing for the end of the recording.
    """
    try:
        start_s = float(start or 0)
        end_s = float(end) if end else None
    except ValueError:
        return f"start {start!r} and end {end!r} must be numbers of seconds"
    if not all(0 <= time_s < math.inf for time_s in (start_s, end_s or 0.0)):
        return f"start {start!r} and end {end!r} must be 0 or more seconds"
    if end_s is not None and end_s < start_s:
        return f"ends at {end_s:g} s, before its start at {start_s:g} s"
    if end_s == start_s:
        return f"is a point at {start_s:g} s, and must be a stretch of sound"
    return start_s, end_s

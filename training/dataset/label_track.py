"""Audacity's label files: a line per stretch, `start<TAB>end<TAB>label`, times in seconds.

Source: Audacity manual, "Importing and Exporting Labels". A line that begins with a backslash is
the frequency range of the label above it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from training.dataset.stretch import Problem, Stretch, read_labels, read_times

ENDING = ".txt"
_NUM_CELLS = 3


def read_label_track(
    track: Path, recording: Path, recording_id: str
) -> Iterator[Stretch | Problem]:
    """Yields what each line of a label file says about a recording.

    Several labels in one line have semicolons between them.
    """
    try:
        lines = track.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        yield Problem(str(track), f"cannot be read as text in UTF-8 ({error})")
        return
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("\\"):
            yield _read_line(f"{track}:{number}", line, recording, recording_id)
    if not any(line.strip() for line in lines):
        yield Problem(str(track), "is empty, so nothing of the recording beside it is used")


def is_label_track(path: Path) -> bool:
    """Whether a text file looks like a label file, by its first line."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            start, end, *_ = file.readline().split("\t")
    except (OSError, ValueError):  # of too few cells, or no text at all
        return False
    return not isinstance(read_times(start.strip(), end.strip()), str)


def _read_line(place: str, line: str, recording: Path, recording_id: str) -> Stretch | Problem:
    cells = line.split("\t", _NUM_CELLS - 1)
    if len(cells) < _NUM_CELLS:
        return Problem(place, "must be start, end and label with tabs between them")
    start, end, text = cells
    labels = read_labels(text)
    if not labels:
        return Problem(place, "has no label")
    times = read_times(start.strip(), end.strip())
    if isinstance(times, str):
        return Problem(place, times)
    return Stretch(recording, recording_id, labels, place, *times)

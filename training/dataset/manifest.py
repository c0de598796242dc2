"""A CSV with the columns `file,label` and, when stretches are labelled, `start_s,end_s`."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from training.dataset.stretch import Problem, Stretch, read_labels, read_times
from training.errors import BadInput

REQUIRED = ("file", "label")
COLUMNS = (*REQUIRED, "start_s", "end_s")
_HEADER = "file,label[,start_s,end_s]"


def read_csv_manifest(path: Path) -> Iterator[Stretch | Problem]:
    """Yields what each row says, several rows per recording or not.

    Files are relative to the CSV. Several labels in one cell have semicolons between them. An
    empty start is the beginning of the recording, an empty end its end.

    Raises:
        BadInput: It cannot be read, or lacks a column.
    """
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.reader(file, skipinitialspace=True)
            header = [name.strip() for name in next(rows, [])]
            yield from _check_header(path, header)
            for row in rows:
                if any(cell.strip() for cell in row):
                    yield _read_row(path, f"{path}:{rows.line_num}", header, row)
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadInput(f"{path}: must be CSV in UTF-8 ({error})") from None


def _check_header(path: Path, header: Sequence[str]) -> Iterator[Problem]:
    missing = [name for name in REQUIRED if name not in header]
    if missing or len(set(header)) < len(header):
        raise BadInput(f"{path}:1: the header must be {_HEADER}, not {','.join(header)!r}")
    for name in header:
        if name not in COLUMNS:
            yield Problem(f"{path}:1", f"unknown column {name!r}; used are {_HEADER}")


def _read_row(
    manifest: Path, place: str, header: Sequence[str], row: Sequence[str]
) -> Stretch | Problem:
    if len(row) != len(header):
        return Problem(place, f"{len(row)} cells; the header has {len(header)}")
    cells = dict(zip(header, (cell.strip() for cell in row), strict=True))
    if not cells["file"]:
        return Problem(place, "names no file")
    path = manifest.parent / cells["file"]
    if not path.is_file():
        return Problem(place, f"no such file: {cells['file']}")
    labels = read_labels(cells["label"])
    if not labels:
        return Problem(place, "has no label; sound without any belongs to --background")
    times = read_times(cells.get("start_s", ""), cells.get("end_s", ""))
    if isinstance(times, str):
        return Problem(place, times)
    return Stretch(path, Path(cells["file"]).as_posix(), labels, place, *times)

"""The list of classes, written as `training.readers.read_class_labels` reads it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from training.readers import ClassLabel


def write_class_labels(path: Path, class_labels: Sequence[ClassLabel]) -> None:
    """Writes a CSV with the header ``index,mid,display_name``, aside and then renamed.

    Raises:
        OSError: It cannot be written; what was there stays.
    """
    aside = path.with_name(f".{path.name}.new")
    try:
        with aside.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["index", "mid", "display_name"])
            writer.writerows((label.index, label.mid, label.display_name) for label in class_labels)
        aside.rename(path)
    finally:
        aside.unlink(missing_ok=True)

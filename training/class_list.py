"""The list of classes, written as `training.readers.read_class_labels` reads it."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from training.readers import ClassLabel
from training.whole_file import whole_file


def write_class_labels(path: Path, class_labels: Sequence[ClassLabel]) -> None:
    """Writes a CSV with the header ``index,mid,display_name``.

    Raises:
        OSError: It cannot be written; what was there stays.
    """
    with whole_file(path) as aside, aside.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["index", "mid", "display_name"])
        writer.writerows((label.index, label.mid, label.display_name) for label in class_labels)

"""Calls the command, and reads what it wrote."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from training.dataset.__main__ import command, parse_arguments
from training.readers import Segments, read_class_labels, read_segments


def built(*options: str | Path) -> int:
    return command(parse_arguments(["build", *map(str, options)]))


def read(out: Path) -> tuple[Segments, list[str], dict[str, Any]]:
    names = [label.display_name for label in read_class_labels(out / "labels.csv")]
    segments = read_segments(sorted(out.glob("*.tfrecord")), len(names))
    assert segments.damaged == []
    return segments, names, json.loads((out / "dataset.json").read_text())

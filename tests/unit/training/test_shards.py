"""What is said of the data that were read."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from rich.console import Console

from tests.unit.training.tiny_data import example
from training.shards import MAX_FRAMES, read_pattern
from training.tfrecord_writer import write_records


def said_of(pattern: Path, num_classes: int) -> str:
    text = io.StringIO()
    read_pattern(str(pattern), num_classes, Console(file=text, width=200))
    return text.getvalue()


def test_names_are_printed_as_they_are(tmp_path: Path) -> None:
    codes = np.zeros((3, 128), np.uint8)
    folder = tmp_path / "[red]"
    folder.mkdir()
    write_records(folder / "a.tfrecord", [example("a", codes, [0]), example("b", codes, [7])])
    said = said_of(tmp_path / "?red?" / "*.tfrecord", 2)
    assert "?red?/*.tfrecord: 1 segments, 1 records damaged" in said
    assert "[red]/a.tfrecord, byte" in said
    assert "dropped" not in said


def test_dropped_frames_are_counted(tmp_path: Path) -> None:
    lengths = (MAX_FRAMES - 1, MAX_FRAMES + 2, MAX_FRAMES + 3)
    records = [example("a", np.zeros((length, 128), np.uint8), [0]) for length in lengths]
    write_records(tmp_path / "a.tfrecord", records)
    said = " ".join(said_of(tmp_path / "*.tfrecord", 2).split())
    assert f"5 frames dropped, past the {MAX_FRAMES} that a segment may have" in said

"""Where the command writes: a dataset is replaced, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from tests.unit.training.dataset.building import built, read
from tests.unit.training.dataset.conftest import Tone
from training.dataset.build import write_dataset
from training.dataset.description import Origin
from training.dataset.example import Segment
from training.dataset.problems import Problems
from training.errors import BadInput


def test_a_dataset_is_replaced_and_anything_else_is_not(
    tone: Tone, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tone("sounds/Dog/a.wav")
    out = tmp_path / "out"
    out.mkdir()
    assert built(tmp_path / "sounds", "--out", out) == 0
    tone("sounds/Cat/b.wav")
    assert built(tmp_path / "sounds", "--out", out) == 0
    assert read(out)[1] == ["Cat", "Dog"]
    assert built(tmp_path / "sounds", "--out", tmp_path / "sounds") == 1
    assert "is there already and no dataset" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out", "sounds"]


def test_a_dataset_with_other_files_beside_it_is_not_replaced(
    tone: Tone, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tone("sounds/Dog/a.wav")
    out = tmp_path / "out"
    assert built(tmp_path / "sounds", "--out", out) == 0
    checkpoint = out / "run" / "checkpoint.npz"
    checkpoint.parent.mkdir()
    checkpoint.write_bytes(b"an hour of training")
    capsys.readouterr()
    assert built(tmp_path / "sounds", "--out", out) == 1
    said = capsys.readouterr().err
    assert f"error: {out / 'run'}: is no part of the dataset" in said
    assert checkpoint.read_bytes() == b"an hour of training"


def test_what_came_into_the_folder_while_sounds_were_embedded_stays(
    tone: Tone, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "notes.md").write_text("kept")
    codes = np.zeros((1, 128), np.uint8)
    segments = [Segment("a.wav", 0.0, 0.975, ("Dog",), codes)]
    origin = Origin(tmp_path, None, "vggish-compact@1", "audioset-vggish-128", 9.6, "made up")
    with pytest.raises(BadInput, match="is there already and no dataset"):
        write_dataset(out, segments, {}, origin, Problems(Console(), is_strict=False))
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (out / "notes.md").read_text() == "kept"


def test_a_place_that_cannot_be_written_is_named(
    tone: Tone, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tone("sounds/Dog/a.wav")
    assert built(tmp_path / "sounds", "--out", path / "out") == 1
    assert f"{path / 'out'}: could not be written" in capsys.readouterr().err

"""The steps that make the shipped models: data they cannot use are a sentence, and end all."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")
pytest.importorskip("ai_edge_litert", reason="needs the training extra (ai-edge-litert)")

from tests.unit.training.tiny_data import write_dataset
from tests.unit.training.tiny_manifest import write_manifest
from training import __main__ as every_step
from training import pair, precisions
from training.embedder import __main__ as embedder
from training.frame_level import __main__ as anchor
from training.places import BUNDLE, EMBEDDER

ROW = "a.flac,Dog,a/b,x,CC0,Ann,1,1,Dog,,A,,"
CLASSES = "audioset/class_labels_indices.csv"
MANIFEST = "sounds/manifest.csv"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a manifest of one recording, three segments of three classes, no more."""
    folder = tmp_path / "data"
    write_manifest(folder, ROW)
    for split in ("bal_train", "eval"):
        write_dataset(folder / "audioset" / split, 3, 3)
    (folder / "audioset" / "eval" / "labels.csv").rename(folder / CLASSES)
    return folder


def without(*names: str) -> Callable[[Path], None]:
    def remove(data: Path) -> None:
        for name in names:
            (data / name).unlink()

    return remove


@pytest.mark.parametrize(
    ("step", "options", "damage", "reason"),
    [
        (anchor, [], without(CLASSES), f"{CLASSES}: cannot be read"),
        (anchor, [], without(), "3 segments do not fill a batch of 512"),
        (
            anchor,
            [],
            without("audioset/bal_train/train.tfrecord"),
            "bal_train: no intact segment in 0",
        ),
        (embedder, [], without(MANIFEST), f"{MANIFEST}: cannot be read"),
        (embedder, [], without(), "anchor: cannot be used as the anchor"),
        (pair, [], without(MANIFEST), f"{MANIFEST}: cannot be read"),
        (pair, [], without("audioset/eval/train.tfrecord"), "eval: no intact segment in 0"),
        (pair, ["--embedder", "no/1"], without(), "no/1/card.json: cannot be read"),
        (pair, ["--windows", "1500"], without(), "--windows 1500: must be a multiple of 1,000"),
        (precisions, [], without(MANIFEST), f"{MANIFEST}: cannot be read"),
        (precisions, [], without(), "a.flac: cannot be read as a recording"),
    ],
)
def test_what_a_step_cannot_use_is_a_sentence(
    data: Path,
    capsys: pytest.CaptureFixture[str],
    step: argparse.Namespace,
    options: list[str],
    damage: Callable[[Path], None],
    reason: str,
) -> None:
    damage(data)
    given = ["--data", str(data), *options]
    if step in (anchor, embedder, pair):
        given += ["--out", str(data / "made" / "1")]
    if step is embedder:
        given += ["--anchor", str(data / "anchor")]
    before = [(place / "card.json").read_bytes() for place in (EMBEDDER, BUNDLE)]
    assert step.command(step.parse_arguments(given)) == 1
    said = capsys.readouterr().err
    assert said.count("error: ") == 1
    assert reason in said
    assert not (data / "made").exists()
    assert [(place / "card.json").read_bytes() for place in (EMBEDDER, BUNDLE)] == before


def test_a_step_that_fails_is_the_last_and_its_exit_code_is_that_of_all(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    options = every_step.parse_arguments(["--data", str(tmp_path)])
    assert every_step.command(options) == 1
    said = capfd.readouterr()
    assert "1 of 6: training.frame_level" in said.out
    assert "training.frame_level did not succeed" in said.out
    assert "2 of 6" not in said.out
    assert said.err.count("error: ") == 1
    assert "Traceback" not in said.err


def test_what_each_step_says_before_it_starts(capsys: pytest.CaptureFixture[str]) -> None:
    for step in (anchor, embedder, pair, precisions, every_step):
        with pytest.raises(SystemExit) as ended:
            step.parse_arguments(["--help"])
        assert ended.value.code == 0
        assert "--data" in capsys.readouterr().out

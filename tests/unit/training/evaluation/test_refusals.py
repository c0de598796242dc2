"""What `evaluate` refuses: each in a sentence, and nothing is written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from tests.unit.training.evaluation.byte_bundle import (
    evaluated,
    write_bundle,
    write_bundle_card,
    write_shard,
)


@pytest.mark.parametrize(
    ("segments", "sentence"),
    [
        ([([1, 2], [0]), ([1, 2], [4])], "a label outside 0..3: [4]; bytes@4 has 4 classes"),
        ([([1, 2], [526])], "no intact segment in 1 files"),
        ([], "eval.tfrecord: no intact segment in 1 files"),
    ],
)
def test_data_that_do_not_fit_the_bundle_are_refused(
    bundle: Path,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    segments: list[tuple[list[int], list[int]]],
    sentence: str,
) -> None:
    write_shard(folder / "eval.tfrecord", segments)
    assert evaluated(bundle, "--per-class", "classes.csv") == 1
    assert sentence in capsys.readouterr().err
    assert sorted(path.name for path in folder.iterdir() if path.is_file()) == [
        *("eval.tfrecord", "taxonomy.yaml")
    ]


def test_a_place_that_cannot_be_written_is_said_before_anything_is_read(
    bundle: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluated(bundle, "--report", "eval.tfrecord/page.html") == 1
    printed = capsys.readouterr().err
    assert "error: eval.tfrecord/page.html: cannot be written" in printed
    assert "segments" not in printed
    assert evaluated(bundle, "--no-report", "--per-class", ".") == 1
    assert "error: .: is a folder; name a file" in capsys.readouterr().err


def test_a_bundle_of_another_embedding_space_is_refused(
    folder: Path, bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = shutil.copytree(bundle, folder / "other" / "1")
    write_bundle_card(other, space="yamnet-1024")
    assert evaluated(other, "--no-report") == 1
    assert "embedding_space is 'yamnet-1024'" in capsys.readouterr().err


def test_a_bundle_with_more_classes_than_labels_is_refused(
    folder: Path, bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = shutil.copytree(bundle, folder / "other" / "1")
    write_bundle_card(other, num_classes=5)
    assert evaluated(other, "--no-report") == 1
    printed = capsys.readouterr().err
    assert "labels.csv: 4 classes; the card says 5" in printed


def test_a_bundle_that_gives_no_probabilities_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loud = write_bundle(folder / "loud" / "1", scale=2.0)
    assert evaluated(loud, "--no-report") == 1
    assert "loud/1: gives a score that is not from 0 to 1" in capsys.readouterr().err


def test_a_bundle_that_tensorflow_cannot_load_is_refused(
    folder: Path, bundle: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cut = shutil.copytree(bundle, folder / "cut" / "1")
    shutil.rmtree(cut / "variables")
    write_bundle_card(cut)
    assert evaluated(cut, "--no-report") == 1
    assert "cut/1: not a SavedModel with serving_default (" in capsys.readouterr().err

"""What `evaluate` refuses: each in a sentence, and nothing is written."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from tests.unit.training.evaluation.byte_bundle import (  # noqa: E402
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


class Other(tf.Module):
    """Signatures that no bundle has, by name."""

    CODES = tf.TensorSpec([None, None, 128], tf.uint8, name="embeddings")
    COUNTS = tf.TensorSpec([None], tf.int32, name="num_frames")

    @tf.function(input_signature=[CODES])
    def without_counts(self, embeddings: tf.Tensor) -> dict[str, tf.Tensor]:
        return scores_of(embeddings)

    @tf.function(input_signature=[tf.TensorSpec(CODES.shape, tf.float32, "embeddings"), COUNTS])
    def of_floats(self, embeddings: tf.Tensor, num_frames: tf.Tensor) -> dict[str, tf.Tensor]:
        return scores_of(embeddings)

    @tf.function(input_signature=[CODES, COUNTS])
    def of_many_scores(self, embeddings: tf.Tensor, num_frames: tf.Tensor) -> dict[str, tf.Tensor]:
        scores = scores_of(embeddings)
        # So many that the graph does not say how many.
        return {name: tf.repeat(value, num_frames[0], axis=-1) for name, value in scores.items()}


def scores_of(embeddings: tf.Tensor) -> dict[str, tf.Tensor]:
    patch_scores = tf.cast(embeddings[..., :4], tf.float32) / 255
    return {"scores": patch_scores[:, 0], "patch_scores": patch_scores}


@pytest.mark.parametrize(
    ("signature", "reason"),
    [
        ("without_counts", " ("),
        ("of_floats", " ("),
        ("of_many_scores", ", 4 of them, not float32 [5, 8] of 5 segments"),
    ],
)
def test_a_bundle_of_another_signature_is_refused(
    folder: Path, bundle: Path, capsys: pytest.CaptureFixture[str], signature: str, reason: str
) -> None:
    other = shutil.copytree(bundle, folder / "other" / "1")
    serve = getattr(module := Other(), signature)
    tf.saved_model.save(module, str(other), signatures={"serving_default": serve})
    write_bundle_card(other)
    assert evaluated(other, "--no-report") == 1
    sentence = (
        "error: " + str(other) + ": serving_default must take embeddings uint8 [N, T, 128] and "
        "num_frames int32 [N], and give scores float32 [N, C]" + reason
    )
    assert sentence in capsys.readouterr().err

"""The command: what it makes of folders and manifests, what it leaves out, what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from earshot.audio.mel import patches  # noqa: E402
from earshot.embedding.embedder import Embedder  # noqa: E402
from tests.unit.training.dataset.conftest import Tone  # noqa: E402
from training.dataset.__main__ import command, parse_arguments  # noqa: E402
from training.dataset.recording import read_pcm  # noqa: E402
from training.places import EMBEDDER  # noqa: E402
from training.readers import Segments, read_class_labels, read_segments  # noqa: E402


def built(*options: str | Path) -> int:
    return command(parse_arguments(["build", *map(str, options)]))


def read(out: Path) -> tuple[Segments, list[str], dict[str, Any]]:
    names = [label.display_name for label in read_class_labels(out / "labels.csv")]
    segments = read_segments(sorted(out.glob("*.tfrecord")), len(names))
    assert segments.damaged == []
    return segments, names, json.loads((out / "dataset.json").read_text())


def test_a_folder_gives_the_codes_of_the_product_with_its_labels(
    tone: Tone, tmp_path: Path
) -> None:
    path = tone("sounds/bell/a.wav", 12.0, 1_000, 44_100)
    tone("sounds/Dog/b.wav", 0.5, 300)
    tone("street/c.wav", 3.0, 50)
    out = tmp_path / "out"

    assert built(tmp_path / "sounds", "--out", out, "--background", tmp_path / "street") == 0

    segments, names, description = read(out)
    assert names == ["bell", "Dog"]
    assert segments.ids == ["Dog/b.wav@0", "bell/a.wav@0", "bell/a.wav@9.6", "street/c.wav@0"]
    assert segments.num_frames.tolist() == [1, 10, 2, 3]
    assert segments.labels.tolist() == [[0, 1], [1, 0], [1, 0], [0, 0]]
    expected = Embedder.load(EMBEDDER).embed(patches(read_pcm(path)))
    np.testing.assert_array_equal(segments.codes[1], expected[:10])
    np.testing.assert_array_equal(segments.codes[2, :2], expected[10:12])
    assert description["embedder"] == "vggish-compact@1"
    assert description["embedding_space"] == "audioset-vggish-128"
    assert (description["num_segments"], description["num_padded"]) == (4, 1)
    assert description["labels"][1] == {
        "index": 1,
        "mid": "/m/0bt9lr",
        "display_name": "Dog",
        "num_segments": 1,
        "seconds": 0.5,
    }
    assert description["background"] == {"num_segments": 1, "seconds": 2.88}


def test_records_are_those_of_audioset(tone: Tone, tmp_path: Path) -> None:
    tone("a.wav", 4.0)
    (tmp_path / "all.csv").write_text("file,label,start_s,end_s\na.wav,Dog;Cat,1,3\n")
    assert built(tmp_path / "all.csv", "--out", tmp_path / "out") == 0

    (payload,) = tf.data.TFRecordDataset(
        str(tmp_path / "out" / "segments.tfrecord")
    ).as_numpy_iterator()
    context, features = tf.io.parse_single_sequence_example(
        payload,
        context_features={
            "video_id": tf.io.FixedLenFeature([], tf.string),
            "start_time_seconds": tf.io.FixedLenFeature([], tf.float32),
            "end_time_seconds": tf.io.FixedLenFeature([], tf.float32),
            "labels": tf.io.VarLenFeature(tf.int64),
        },
        sequence_features={"audio_embedding": tf.io.FixedLenSequenceFeature([], tf.string)},
    )
    assert context["video_id"].numpy() == b"a.wav"
    assert float(context["start_time_seconds"]) == 1.0
    assert float(context["end_time_seconds"]) == pytest.approx(1 + 2 * 0.96 + 0.015)
    assert context["labels"].values.numpy().tolist() == [0, 1]
    assert [len(codes) for codes in features["audio_embedding"].numpy()] == [128, 128]


def test_what_cannot_be_used_is_said_counted_and_left_out(
    tone: Tone, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tone("sounds/Dog/a.wav", 2.0)
    tone("sounds/track.wav", 5.0)
    (tmp_path / "sounds" / "track.txt").write_text("1\t9\tCat\n")
    (tmp_path / "sounds" / "Dog" / "b.m4a").write_text("not in here")
    out = tmp_path / "out"

    assert built(tmp_path / "sounds", "--out", out) == 0

    _, names, description = read(out)
    assert names == ["Dog"]
    reasons = [f"{each['place']}: {each['reason']}" for each in description["left_out"]]
    assert description["num_left_out"] == len(reasons) == 3
    assert "b.m4a: cannot be read as a recording" in reasons[1]
    assert "track.txt:1: from 1 s to 9 s is past the end of track.wav, 5.00 s" in reasons[0]
    assert reasons[2] == "label 'Cat': no sound of it is left"
    errors = capsys.readouterr().err
    assert all(f"left out: {reason}" in errors for reason in reasons)
    assert "3 left out" in errors


def test_strict_ends_at_the_first_problem_and_writes_nothing(
    tone: Tone, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tone("sounds/Dog/a.wav")
    tone("sounds/b.wav")
    assert built(tmp_path / "sounds", "--out", tmp_path / "out", "--strict") == 1
    assert "error: " in (errors := capsys.readouterr().err)
    assert "b.wav: has no label" in errors
    assert not (tmp_path / "out").exists()


def test_sound_that_is_labelled_is_not_background_too(tone: Tone, tmp_path: Path) -> None:
    tone("street/a.wav")
    (tmp_path / "all.csv").write_text("file,label\nstreet/a.wav,Car\n")
    out = tmp_path / "out"
    assert built(tmp_path / "all.csv", "--out", out, "--background", tmp_path / "street") == 0
    segments, _, description = read(out)
    assert segments.labels.tolist() == [[1]]
    assert description["left_out"][0]["reason"] == "is background, but labelled as well"


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


def test_a_place_that_cannot_be_written_is_named(
    tone: Tone, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tone("sounds/Dog/a.wav")
    assert built(tmp_path / "sounds", "--out", path / "out") == 1
    assert f"{path / 'out'}: could not be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["nowhere"], "nowhere: no such folder or manifest"),
        (["sounds", "--background", "nowhere"], "the background must be a folder"),
        (["sounds", "--segment-s", "0.5"], "--segment-s 0.5: allowed are 0.96 to 288"),
        (["sounds", "--segment-s", "nan"], "--segment-s nan: allowed are"),
        (["sounds", "--embedder", "nothing"], "no model 'nothing'"),
        (["sounds", "--threads", "0"], "--threads 0: must be 1 or more"),
        (["empty"], "empty: no labelled recording in it"),
        (["broken"], "no labelled sound is left"),
    ],
)
def test_what_is_given_wrong_is_refused_in_a_sentence(
    tone: Tone,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    reason: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    tone("sounds/Dog/a.wav")
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken" / "Dog").mkdir(parents=True)
    (tmp_path / "broken" / "Dog" / "a.wav").write_bytes(b"broken")
    assert built(*options, "--out", "out") == 1
    assert reason in capsys.readouterr().err
    assert not (tmp_path / "out").exists()

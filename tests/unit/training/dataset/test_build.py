"""The command: what it makes of folders and manifests, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from earshot.audio.mel import patches  # noqa: E402
from earshot.embedding.embedder import Embedder  # noqa: E402
from tests.unit.training.dataset.building import built, read  # noqa: E402
from tests.unit.training.dataset.conftest import Tone  # noqa: E402
from training.dataset.recording import decode_pcm  # noqa: E402
from training.places import EMBEDDER, MODELS  # noqa: E402


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
    expected = Embedder.load(EMBEDDER).embed(patches(decode_pcm(path)))
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


def test_names_are_shown_as_they_are_not_as_markup(
    tone: Tone, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tone("sounds/x [bold]/a [red].wav")
    (tmp_path / "all.csv").write_text("file,label\nsounds/x [bold]/a [red].wav,x [/y]\n")
    out = tmp_path / "out [red]"
    assert built(tmp_path / "all.csv", "--out", out) == 0
    assert read(out)[1] == ["x [/y]"]
    said = capsys.readouterr().err
    assert "x [/y]" in said
    assert f"written: {out};" in said


def test_the_models_folder_is_that_of_the_settings(
    tone: Tone,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    tone("sounds/Dog/a.wav")
    monkeypatch.setenv("EARSHOT_MODELS_DIR", str(tmp_path / "elsewhere"))
    assert built(tmp_path / "sounds", "--out", tmp_path / "out") == 1
    assert f"no model 'vggish-compact' in {tmp_path / 'elsewhere'}" in capsys.readouterr().err
    options = ["--out", tmp_path / "out", "--models-dir", MODELS]
    assert built(tmp_path / "sounds", *options) == 0


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

"""Train, export and evaluate by their command lines, with tiny shards; what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from earshot.embedding.model_card import verify_bundle  # noqa: E402
from training import evaluate, export_checkpoint, train  # noqa: E402

NUM_CLASSES = 25


def write_shard(path: Path, num_segments: int) -> None:
    rng = np.random.default_rng(num_segments)
    centres = np.random.default_rng(0).integers(60, 196, (NUM_CLASSES, 128))
    with tf.io.TFRecordWriter(str(path)) as writer:
        for row in range(num_segments):
            label = row % NUM_CLASSES
            codes = centres[label] + rng.integers(-40, 41, (3, 128))
            frames = [
                tf.train.Feature(bytes_list=tf.train.BytesList(value=[frame.tobytes()]))
                for frame in codes.astype(np.uint8)
            ]
            context = {
                "video_id": tf.train.Feature(
                    bytes_list=tf.train.BytesList(value=[f"segment-{row}".encode()])
                ),
                "labels": tf.train.Feature(int64_list=tf.train.Int64List(value=[label])),
            }
            example = tf.train.SequenceExample(
                context=tf.train.Features(feature=context),
                feature_lists=tf.train.FeatureLists(
                    feature_list={"audio_embedding": tf.train.FeatureList(feature=frames)}
                ),
            )
            writer.write(example.SerializeToString())


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    write_shard(folder / "-train.tfrecord", 200)
    write_shard(folder / "eval.tfrecord", 50)
    rows = [f'{index},/m/{index},"class {index}, or so"\n' for index in range(NUM_CLASSES)]
    (folder / "labels.csv").write_text("index,mid,display_name\n" + "".join(rows))
    return folder


def train_options(data: Path, *more: str) -> list[str]:
    return [
        *("--model", "logistic", "--labels", str(data / "labels.csv")),
        *("--train-data-pattern", str(data / "*train.tfrecord")),
        *("--train-dir", str(data / "logistic"), "--num-epochs", "3", "--batch-size", "32"),
        *("--base-learning-rate", "0.1", "--learning-rate-decay", "0.95"),
        *("--learning-rate-decay-examples", "400000", "--num-classes", str(NUM_CLASSES)),
        *("--feature-names", "audio_embedding", "--feature-sizes", "128", "--frame-features"),
        *more,
    ]


def trained(options: list[str]) -> int:
    return train.command(train.parse_arguments(options))


def evaluated(options: list[str]) -> int:
    return evaluate.command(evaluate.parse_arguments(options))


def exported(options: list[str]) -> int:
    return export_checkpoint.command(export_checkpoint.parse_arguments(options))


def test_train_writes_a_bundle_that_evaluate_measures_and_export_makes_again(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert trained(train_options(data)) == 0
    bundle = data / "logistic" / "bundle" / "logistic" / "1"
    card = verify_bundle(bundle, kind="frame_level")
    assert (card.name_version, card.num_classes) == ("logistic@1", NUM_CLASSES)
    capsys.readouterr()
    options = ["--bundle", str(bundle), "--data-pattern", str(data / "eval.tfrecord")]
    assert evaluated([*options, "--format", "json"]) == 0
    measured = json.loads(capsys.readouterr().out)
    needed = {"hit_at_1", "perr", "gap", "map", "auc", "d_prime", "num_segments"}
    assert needed <= set(measured)
    assert measured["num_segments"] == 50
    assert measured["hit_at_1"] > 0.9
    again = data / "mine" / "7"
    export_options = ["--train-dir", str(data / "logistic"), "--labels", str(data / "labels.csv")]
    assert exported([*export_options, "--out", str(again)]) == 0
    assert verify_bundle(again).name_version == "mine@7"
    assert evaluated(["--bundle", str(again), *options[2:]]) == 0
    assert f"{measured['map']:.4f}" in capsys.readouterr().out


def test_the_same_command_goes_on_from_the_checkpoint(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert trained(train_options(data)) == 0
    assert "epoch 3/3" in capsys.readouterr().err
    assert trained(train_options(data)) == 0
    assert "epoch" not in capsys.readouterr().err
    assert trained(train_options(data, "--start-new-model")) == 0
    assert "epoch 3/3" in capsys.readouterr().err


def test_a_metric_that_is_not_defined_is_null(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert trained(train_options(data)) == 0
    write_shard(data / "one.tfrecord", 1)
    capsys.readouterr()
    bundle = data / "logistic" / "bundle" / "logistic" / "1"
    options = ["--bundle", str(bundle), "--data-pattern", str(data / "one.tfrecord")]
    assert evaluated([*options, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["auc"] is None


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        (["--train-data-pattern", "nowhere/*.tfrecord"], "nowhere/*.tfrecord: no such file"),
        (["--feature-sizes", "1024"], "only audio_embedding of size 128"),
        (["--no-frame-features"], "every model here reads frames"),
        (["--num-classes", "527"], "25 classes, but --num-classes is 527"),
        (["--batch-size", "512"], "do not fill a batch of 512"),
        (["--labels", "nowhere.csv"], "nowhere.csv: cannot be read: No such file"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(
    data: Path, capsys: pytest.CaptureFixture[str], more: list[str], reason: str
) -> None:
    assert trained(train_options(data, *more)) == 1
    assert reason in capsys.readouterr().err.replace("\n", " ")


def test_evaluate_refuses_a_folder_that_is_no_bundle(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert evaluated(["--bundle", str(data)]) == 1
    assert "error:" in capsys.readouterr().err


def test_export_refuses_other_classes_than_the_checkpoint_has(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert trained(train_options(data)) == 0
    (data / "two.csv").write_text("index,mid,display_name\n0,/m/0,a\n1,/m/1,b\n")
    options = ["--train-dir", str(data / "logistic"), "--labels", str(data / "two.csv")]
    assert exported([*options, "--out", str(data / "mine" / "1")]) == 1
    assert "of 25 classes, but 2 are named" in capsys.readouterr().err
    assert not (data / "mine" / "1").exists()

"""Training on a folder of one's own: what is chosen for few segments, what is said, what is not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from earshot.embedding.model_card import verify_bundle  # noqa: E402
from tests.unit.training.tiny_data import example, write_dataset  # noqa: E402
from training import export_checkpoint, train  # noqa: E402
from training.frame_level.checkpoint import read_checkpoint  # noqa: E402
from training.tfrecord_writer import write_records  # noqa: E402


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")


def trained(*options: str) -> int:
    few_epochs = ("--model", "logistic", "--num-epochs", "2", "--base-learning-rate", "0.1")
    return train.command(train.parse_arguments([*few_epochs, *options]))


def exported(*options: str) -> int:
    return export_checkpoint.command(export_checkpoint.parse_arguments(list(options)))


def test_a_folder_of_one_s_own_becomes_a_bundle_where_it_is_wanted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_dataset(tmp_path / "my [sounds]", 60, 3)
    assert trained("--data", "my [sounds]", "--out", "models/mine/4") == 0
    card = verify_bundle(Path("models/mine/4"), kind="frame_level")
    assert (card.name_version, card.num_classes) == ("mine@4", 3)
    assert "assets.extra/tf_serving_warmup_requests" in [file.path for file in card.files]
    labels = Path("models/mine/4/assets/labels.csv").read_text()
    assert labels == Path("my [sounds]/labels.csv").read_text()
    said = capsys.readouterr().err
    assert "60 segments are few: none is held out for validation" in said
    assert "60 segments are few: batches of 6 instead of 512" in said
    settings = read_checkpoint(Path("build/train/logistic/checkpoint.npz")).fields["settings"]
    assert (settings["batch_size"], settings["validation_share"]) == (6, 0.0)


def test_an_ontology_beside_the_classes_goes_into_the_bundle(tmp_path: Path) -> None:
    write_dataset(tmp_path / "data", 60, 3)
    nodes = [{"id": "/x/0", "name": "sound 0", "child_ids": ["/x/1"]}]
    (tmp_path / "data" / "ontology.json").write_text(json.dumps(nodes), encoding="utf-8")
    assert trained("--data", "data", "--out", "models/mine/1") == 0
    ontology = Path("models/mine/1/assets/ontology.csv").read_text(encoding="utf-8")
    assert ontology == "mid,display_name,child_mids\n/x/0,sound 0,/x/1\n"
    verify_bundle(Path("models/mine/1"), kind="frame_level")


def test_what_is_given_stays_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_dataset(tmp_path / "data", 60, 3)
    given = ("--batch-size", "7", "--validation-share", "0.3")
    assert trained("--data", "data", *given) == 0
    assert "few" not in capsys.readouterr().err
    settings = read_checkpoint(Path("build/train/logistic/checkpoint.npz")).fields["settings"]
    assert (settings["batch_size"], settings["validation_share"]) == (7, 0.3)


def test_one_segment_is_enough(tmp_path: Path) -> None:
    write_dataset(tmp_path / "data", 1, 1)
    assert trained("--data", "data") == 0
    assert verify_bundle(Path("build/train/logistic/bundle/logistic/1")).num_classes == 1


def test_a_version_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_dataset(tmp_path / "data", 60, 3)
    assert trained("--data", "data", "--out", "models/mine/4") == 0
    before = Path("models/mine/4/card.json").read_bytes()
    again = "models/mine/4: this version is there already; the next free one is models/mine/5"
    assert trained("--data", "data", "--out", "models/mine/4") == 1
    assert again in capsys.readouterr().err
    assert exported("--train-dir", "build/train/logistic", "--out", "models/mine/4") == 1
    assert again in capsys.readouterr().err
    assert exported("--train-dir", "build/train/logistic", "--out", "models/mine/new") == 1
    assert "the last part must be a version number" in capsys.readouterr().err
    assert Path("models/mine/4/card.json").read_bytes() == before
    assert exported("--train-dir", "build/train/logistic", "--out", "models/mine/5") == 0
    assert sorted(path.name for path in Path("models/mine").iterdir()) == ["4", "5"]


def test_other_data_do_not_go_on_with_a_training(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_dataset(tmp_path / "data", 60, 3)
    assert trained("--data", "data") == 0
    write_dataset(tmp_path / "data", 60, 3, num_heard=2)
    assert trained("--data", "data") == 1
    said = capsys.readouterr().err
    assert "of a training with data of SHA-256" in said
    assert "--start-new-model" in said
    assert trained("--data", "data", "--start-new-model") == 0


def test_classes_without_an_example_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_dataset(tmp_path / "data", 40, 13, num_heard=2)
    assert trained("--data", "data") == 0
    said = capsys.readouterr().err
    assert "no positive example of 11 of 13 classes" in said
    assert "sound 2, sound 3, sound 4" in said
    assert "sound 11 and 1 more" in said


def test_an_unlabelled_class_list_is_taken_from_the_option(tmp_path: Path) -> None:
    write_dataset(tmp_path / "data", 40, 2)
    names = "index,mid,display_name\n0,/x/a,Kettle\n1,/x/b,Doorbell\n"
    Path("names.csv").write_text(names)
    assert trained("--data", "data", "--labels", "names.csv") == 0
    assert Path("build/train/logistic/labels.csv").read_text() == names


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--data", "nowhere"], "--data nowhere: no such folder"),
        (["--data", "."], "labels.csv: cannot be read: No such file or directory"),
        (["--data", "data", "--batch-size", "0"], "--batch-size 0: must be at least 1"),
        (["--data", "data", "--averaging", "1.5"], "--averaging 1.5: must be 0 to 1"),
        (["--data", "data", "--weight-decay", "nan"], "--weight-decay nan: must be at least 0"),
        (["--data", "data", "--lstm-cells", "-1"], "--lstm-cells -1: must be at least 1"),
        (["--data", "data", "--out", "mine"], "mine: must be NAME/VERSION, e.g. mine/1"),
        (["--data", "data", "--validation-share", "0.01"], "no label among the"),
        (["--data", "unlabelled"], "none of the 3 segments has a label"),
        (["--data", "foreign"], "byte 0: a label outside 0..2: [7]"),
        (["--data", "narrow"], "byte 0: audio_embedding must hold strings of 128 bytes"),
        (["--data", "folders"], "a.tfrecord: cannot be read (Is a directory)"),
        (
            ["--data", "nameless"],
            "labels.csv:1: expected the header index,mid,display_name and a row",
        ),
        (["--data", "elsewhere"], "dataset.json: embeddings of openl3-512; models here are of"),
        (["--data", "untold"], "dataset.json: not the description of a dataset"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], reason: str
) -> None:
    write_tricky_datasets(tmp_path)
    assert trained(*options) == 1
    said = capsys.readouterr().err
    assert said.count("error:") == 1
    assert reason in said
    assert not Path("build").exists()


def write_tricky_datasets(folder: Path) -> None:
    codes = np.zeros((3, 128), np.uint8)
    for name in (
        "data",
        "unlabelled",
        "foreign",
        "narrow",
        "folders",
        "nameless",
        "elsewhere",
        "untold",
    ):
        write_dataset(folder / name, 3, 3)
    write_records(folder / "unlabelled" / "train.tfrecord", [example("a", codes, [])] * 3)
    write_records(folder / "foreign" / "train.tfrecord", [example("a", codes, [7])])
    write_records(folder / "narrow" / "train.tfrecord", [example("a", codes[:, :64], [1])])
    (folder / "folders" / "a.tfrecord").mkdir()
    (folder / "elsewhere" / "dataset.json").write_text('{"embedding_space": "openl3-512"}')
    (folder / "untold" / "dataset.json").write_text("{}")
    (folder / "nameless" / "labels.csv").write_text("index,mid,display_name\n")


def test_curves_have_one_point_per_epoch_after_a_resume(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    write_dataset(tmp_path / "data", 300, 3)
    for _ in range(2):
        assert trained("--data", "data") == 0
    assert capsys.readouterr().err.count("tensorboard --logdir build/train/logistic/logs") == 1
    events = EventAccumulator("build/train/logistic/logs")
    events.Reload()
    names = ["learning_rate", "loss", "validation/hit_at_1", "validation/map"]
    assert sorted(events.Tags()["tensors"]) == names
    for name in names:
        assert [point.step for point in events.Tensors(name)] == [1, 2]
    rates = [float(tf.make_ndarray(e.tensor_proto)) for e in events.Tensors("learning_rate")]
    assert rates == pytest.approx([0.1, 0.05])


def test_the_card_says_of_what_and_how_it_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_dataset(tmp_path / "my [data]", 20, 2)
    told = {"embedding_space": "audioset-vggish-128", "embedder": "vggish-compact@1"}
    Path("my [data]/dataset.json").write_text(json.dumps({**told, "left_out": []}))
    monkeypatch.setattr("sys.argv", ["earshot train", "--data", "my [data]"])
    assert trained("--data", "my [data]") == 0
    card = json.loads(Path("build/train/logistic/bundle/logistic/1/card.json").read_text())
    assert card["command"] == "earshot train --data 'my [data]'"
    name = {"name": "own recordings, my [data]", "licence": "not stated"}
    assert card["data"] == [{**name, **told, "use": "training", "num_segments": 20}]
    assert exported("--train-dir", "build/train/logistic", "--out", "models/mine/1") == 0
    assert json.loads(Path("models/mine/1/card.json").read_text())["data"] == card["data"]

"""What is left of a training that was stopped, and what is said of it."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from tests.unit.training.tiny_data import write_dataset
from training import export_checkpoint, train
from training.frame_level.checkpoint import read_checkpoint

RUN = Path("build/train/logistic")


@pytest.fixture(autouse=True)
def in_a_folder_with_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    write_dataset(tmp_path / "data", 60, 3)


def trained(*options: str) -> int:
    always = ("--data", "data", "--model", "logistic", "--num-epochs", "2")
    return train.command(train.parse_arguments([*always, *options]))


def exported() -> int:
    options = ["--train-dir", str(RUN), "--out", "models/mine/1"]
    return export_checkpoint.command(export_checkpoint.parse_arguments(options))


def press_ctrl_c(*_: object) -> None:
    raise KeyboardInterrupt


def test_ctrl_c_in_the_first_epoch_leaves_nothing_to_go_on_from(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("training.frame_level.fit.Fit._run_epoch", press_ctrl_c)
    assert trained() == 130
    said = capsys.readouterr().err
    assert "stopped before the end of the first epoch; there is nothing to go on from" in said
    assert exported() == 1
    said = capsys.readouterr().err
    assert "error: build/train/logistic/checkpoint.npz: not one epoch is done" in said
    assert not Path("models").exists()


@pytest.mark.parametrize(
    ("options", "again"),
    [
        ([], "the same command"),
        (["--start-new-model"], "the same command without --start-new-model"),
    ],
)
def test_ctrl_c_in_a_later_epoch_keeps_the_one_before(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    again: str,
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("training.curves.Curves.add", press_ctrl_c)
        assert trained(*options) == 130
    assert f"stopped; epoch 1 is kept, {again} goes on from it" in capsys.readouterr().err
    assert exported() == 0
    assert trained() == 0
    said = capsys.readouterr().err
    assert "epoch 2/2" in said
    assert "epoch 1/2" not in said


def test_a_new_model_that_cannot_begin_leaves_the_one_before(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert trained() == 0
    capsys.readouterr()
    assert trained("--start-new-model", "--batch-size", "500") == 1
    assert "do not fill a batch of 500" in capsys.readouterr().err
    assert read_checkpoint(RUN / "checkpoint.npz").fields["num_epochs_done"] == 2
    assert (RUN / "logs").is_dir()


def test_curves_that_cannot_be_removed_are_said(capsys: pytest.CaptureFixture[str]) -> None:
    RUN.mkdir(parents=True)
    (RUN / "logs").write_text("a file")
    assert trained("--start-new-model") == 1
    said = capsys.readouterr().err
    assert "error: build/train/logistic/logs: cannot be removed (Not a directory)" in said


def test_a_training_that_diverges_ends_with_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert trained("--base-learning-rate", "1e30", "--weight-decay", "1e9") == 1
    said = capsys.readouterr().err
    assert "error: epoch 1 diverged (loss nan" in said
    assert "lower --base-learning-rate than 1e+30" in said

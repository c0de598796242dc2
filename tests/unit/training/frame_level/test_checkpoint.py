"""Checkpoints: what went in comes out, and a bad one is refused with the reason."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.errors import BadCheckpoint
from training.frame_level.checkpoint import (
    Checkpoint,
    check_same_training,
    read_checkpoint,
    write_checkpoint,
)


def checkpoint_of(value: float) -> Checkpoint:
    arrays = [np.full((2, index + 1), value, np.float32) for index in range(12)]
    return Checkpoint({"model": "logistic", "sizes": {"a": 1}}, {"network": arrays})


def test_a_checkpoint_gives_back_its_arrays_in_order(tmp_path: Path) -> None:
    path = tmp_path / "new" / "checkpoint.npz"
    write_checkpoint(path, checkpoint_of(0.5))
    read = read_checkpoint(path)
    assert read.fields == {"model": "logistic", "sizes": {"a": 1}}
    assert [array.shape for array in read.groups["network"]] == [(2, i + 1) for i in range(12)]
    assert read.groups["network"][3].tolist() == [[0.5] * 4] * 2


def test_the_one_before_stays_when_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "checkpoint.npz"
    write_checkpoint(path, checkpoint_of(1))

    def fill_the_disk(file: object, **arrays: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", fill_the_disk)
    with pytest.raises(BadCheckpoint, match=r"No space left.*the one before stays"):
        write_checkpoint(path, checkpoint_of(2))
    assert read_checkpoint(path).groups["network"][0].tolist() == [[1], [1]]
    assert [file.name for file in tmp_path.iterdir()] == ["checkpoint.npz"]


def test_a_checkpoint_cut_in_the_middle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.npz"
    write_checkpoint(path, checkpoint_of(1))
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(BadCheckpoint, match="damaged"):
        read_checkpoint(path)


def test_a_missing_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadCheckpoint, match="there is no checkpoint"):
        read_checkpoint(tmp_path / "checkpoint.npz")


def test_a_checkpoint_of_another_model_is_refused_with_both_names() -> None:
    stored = {"model": "logistic", "num_epochs_done": 3}
    check_same_training(Path("c.npz"), stored, {"model": "logistic"})
    with pytest.raises(BadCheckpoint, match=r"model logistic, not lstm; take another --train-dir"):
        check_same_training(Path("c.npz"), stored, {"model": "lstm"})


def test_the_first_setting_that_differs_is_named_wherever_it_is_nested() -> None:
    stored = {"model": "lstm", "sizes": {"lstm_cells": 8, "lstm_layers": 2}, "data": "a"}
    wanted = {"model": "lstm", "sizes": {"lstm_cells": 16, "lstm_layers": 2}, "data": "b"}
    with pytest.raises(BadCheckpoint, match=r"of a training with lstm_cells 8, not 16; take"):
        check_same_training(Path("c.npz"), stored, wanted)

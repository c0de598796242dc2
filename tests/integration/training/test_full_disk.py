"""A disk that is full: a sentence, and nothing half-written.

A limit on the size of files stands for it: writing fails at the same place with the same error.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from tests.unit.training.tiny_data import write_dataset
from training import train
from training.frame_level.checkpoint import read_checkpoint

REPOSITORY = Path(__file__).parents[3]
TOO_SMALL_BYTES = 2_000

# Trains two epochs; the disk is full from the end of the first on.
TWO_EPOCHS = f"""
import resource, sys
from pathlib import Path
from training.errors import TrainingError
from training.frame_level.fit import Fit
from training.frame_level.registry import ARCHITECTURES
from training.frame_level.settings import FitSettings, NetworkSizes
from training.readers import read_segments

shard, path = Path(sys.argv[1]), Path(sys.argv[2])
settings = FitSettings(num_epochs=2, batch_size=8, validation_share=0)
fit = Fit(ARCHITECTURES["logistic"], NetworkSizes(2), read_segments([shard], 2), settings, path)
epochs = fit.epochs()
next(epochs)
resource.setrlimit(resource.RLIMIT_FSIZE, ({TOO_SMALL_BYTES}, resource.RLIM_INFINITY))
try:
    next(epochs)
except TrainingError as error:
    print(error)
"""


# A module with its arguments, with a limit on the size of the files it writes.
LIMITED = """
import resource, runpy, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
del sys.argv[:2]
runpy.run_module(sys.argv[0], run_name="__main__")
"""


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", *map(str, arguments)]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=100)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_the_last_checkpoint_stays_when_the_next_does_not_fit(tmp_path: Path) -> None:
    shard = write_dataset(tmp_path / "data", 32, 2) / "train.tfrecord"
    checkpoint = tmp_path / "run" / "checkpoint.npz"
    ended = run(TWO_EPOCHS, shard, checkpoint)
    assert ended.returncode == 0, ended.stderr
    assert "could not be written ([Errno 27] File too large); the one before" in ended.stdout
    assert "Exception ignored" not in ended.stderr
    fields = read_checkpoint(checkpoint).fields
    assert fields["num_epochs_done"] == 1
    assert names_in(checkpoint.parent) == ["checkpoint.npz"]


def test_training_says_that_the_first_checkpoint_does_not_fit(tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data", 32, 2)
    train_dir = tmp_path / "run"
    options = ["--data", str(data), "--train-dir", str(train_dir), "--model", "logistic"]
    ended = run(LIMITED, TOO_SMALL_BYTES, "training.train", *options)
    assert ended.returncode == 1, ended.stderr
    assert f"error: {train_dir}/checkpoint.npz: could not be written" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert names_in(train_dir) == []


@pytest.mark.parametrize("file_size_bytes", [1_000, 15_000])
def test_no_half_bundle_is_left_when_it_does_not_fit(tmp_path: Path, file_size_bytes: int) -> None:
    data = write_dataset(tmp_path / "data", 32, 2)
    options = ["--data", str(data), "--train-dir", str(tmp_path / "run"), "--model", "logistic"]
    assert train.command(train.parse_arguments([*options, "--num-epochs", "1"])) == 0
    out = tmp_path / "mine" / "1"
    options = ["--train-dir", str(tmp_path / "run"), "--out", str(out)]
    ended = run(LIMITED, file_size_bytes, "training.export_checkpoint", *options)
    assert ended.returncode == 1, ended.stderr
    assert f"error: {out}: could not be written" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert names_in(tmp_path / "mine") == []

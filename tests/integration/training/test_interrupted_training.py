"""Ctrl-C on a real training process leaves a checkpoint that a bundle can be made of."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from earshot.embedding.model_card import verify_bundle  # noqa: E402
from training import export_checkpoint  # noqa: E402
from training.frame_level.checkpoint import read_checkpoint  # noqa: E402

REPOSITORY = Path(__file__).parents[3]
DEADLINE_S = 90


def write_shard(path: Path) -> None:
    rng = np.random.default_rng(0)
    with tf.io.TFRecordWriter(str(path)) as writer:
        for row in range(64):
            example = tf.train.SequenceExample()
            features = example.context.feature
            features["video_id"].bytes_list.value.append(f"segment-{row}".encode())
            features["labels"].int64_list.value.append(row % 2)
            frame = rng.integers(0, 256, 128, dtype=np.uint8).tobytes()
            frames = example.feature_lists.feature_list["audio_embedding"].feature
            frames.add().bytes_list.value.append(frame)
            writer.write(example.SerializeToString())


def wait_for(path: Path, process: subprocess.Popen[str], text: str) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while text not in path.read_text():
        assert process.poll() is None, path.read_text()
        assert time.monotonic() < deadline, path.read_text()
        time.sleep(0.05)


def test_ctrl_c_leaves_a_checkpoint_that_can_be_exported(tmp_path: Path) -> None:
    write_shard(tmp_path / "train.tfrecord")
    labels = tmp_path / "labels.csv"
    labels.write_text("index,mid,display_name\n0,/m/0,a\n1,/m/1,b\n")
    command = [
        *(sys.executable, "-m", "training.train", "--model", "logistic", "--threads", "1"),
        *("--train-data-pattern", str(tmp_path / "*.tfrecord"), "--labels", str(labels)),
        *("--train-dir", str(tmp_path / "run"), "--num-epochs", "1000000", "--batch-size", "16"),
        *("--validation-share", "0"),
    ]
    log = tmp_path / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            command, cwd=REPOSITORY, stdout=output, stderr=subprocess.STDOUT, text=True
        )
    try:
        wait_for(log, process, "epoch 2/")
        process.send_signal(signal.SIGINT)
        assert process.wait(DEADLINE_S) == 130, log.read_text()
    finally:
        process.kill()
        process.wait()
    assert "goes on from it" in log.read_text()
    assert read_checkpoint(tmp_path / "run" / "checkpoint.npz").fields["num_epochs_done"] >= 2
    out = tmp_path / "mine" / "1"
    options = ["--train-dir", str(tmp_path / "run"), "--labels", str(labels), "--out", str(out)]
    assert export_checkpoint.command(export_checkpoint.parse_arguments(options)) == 0
    assert verify_bundle(out).num_classes == 2

"""Training on segments and on an embedder's codes at once."""

from __future__ import annotations

import io

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from rich.console import Console  # noqa: E402

from training.errors import BadInput  # noqa: E402
from training.frame_level.frames import dequantise  # noqa: E402
from training.frame_level.joint import TaughtCodes, train_jointly  # noqa: E402
from training.frame_level.registry import ARCHITECTURES  # noqa: E402
from training.frame_level.settings import FitSettings  # noqa: E402
from training.readers import Segments  # noqa: E402

ATTENTION = ARCHITECTURES["attention"]
SETTINGS = FitSettings(num_epochs=12, batch_size=16, base_learning_rate=0.01, mixup_beta=0.0)


def made_up() -> tuple[Segments, TaughtCodes]:
    """Class 0 shows in the first half of AudioSet's values, class 1 of codes in the second."""
    rng = np.random.default_rng(0)
    labels = rng.random((64, 2)) < 0.5
    labels[:, 1] = False
    codes = rng.integers(100, 156, (64, 3, 128), dtype=np.uint8)
    codes[labels[:, 0], :, :64] = 250
    segments = Segments([str(i) for i in range(64)], codes, np.full(64, 3, np.int32), labels, [])
    is_there = rng.random(64) < 0.5
    taught = rng.integers(100, 156, (64, 128), dtype=np.uint8)
    taught[is_there, 64:] = 250
    targets = np.stack([np.zeros(64), is_there], axis=1).astype(np.float16)
    return segments, TaughtCodes(taught, targets, np.ones((64, 2), np.bool_))


def test_too_few_segments_for_a_batch_are_refused() -> None:
    segments, taught = made_up()
    few = segments.take(np.arange(15))
    with pytest.raises(BadInput, match="15 segments do not fill a batch of 16"):
        train_jointly(ATTENTION, few, taught, SETTINGS, Console(file=io.StringIO()))


def test_one_network_learns_both_and_one_seed_gives_one_result() -> None:
    segments, taught = made_up()
    out = io.StringIO()
    networks = [
        train_jointly(ATTENTION, segments, taught, SETTINGS, Console(file=out)) for _ in range(2)
    ]
    for first, second in zip(*(network.get_weights() for network in networks), strict=True):
        np.testing.assert_array_equal(first, second)
    assert "epoch 12/12: AudioSet" in out.getvalue()

    def score(codes: np.ndarray) -> np.ndarray:
        counts = np.full(len(codes), codes.shape[1], np.int32)
        values = dequantise(tf.constant(codes))
        return ATTENTION.score_segments(networks[0], values, counts, False)[0].numpy()

    of_segments, of_codes = score(segments.codes), score(taught.codes[:, None])
    positive = segments.labels[:, 0]
    assert of_segments[positive, 0].mean() > of_segments[~positive, 0].mean() + 0.3
    is_there = taught.targets[:, 1] > 0
    assert of_codes[is_there, 1].mean() > of_codes[~is_there, 1].mean() + 0.3

"""Scores of many segments, a batch at a time."""

from __future__ import annotations

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from training.frame_level.segments import FRAMES_AT_A_TIME, score_in_batches  # noqa: E402


def test_segments_are_scored_in_order_and_in_batches_of_so_many_frames() -> None:
    num_segments = FRAMES_AT_A_TIME // 2 + 3
    codes = np.zeros((num_segments, 2, 128), np.uint8)
    num_frames = np.arange(num_segments, dtype=np.int32)
    sizes = []

    def score(codes: tf.Tensor, num_frames: tf.Tensor) -> tf.Tensor:
        sizes.append(len(codes))
        return tf.cast(num_frames, tf.float32)[:, None]

    scores = score_in_batches(score, codes, num_frames)
    assert sizes == [FRAMES_AT_A_TIME // 2, 3]
    np.testing.assert_array_equal(scores[:, 0], num_frames)

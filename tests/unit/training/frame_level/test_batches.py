"""An epoch's batches: every segment at most once, the same for one number, mixed within a batch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from training.frame_level.batches import Batches  # noqa: E402
from training.frame_level.settings import FitSettings  # noqa: E402
from training.readers import Segments  # noqa: E402

SETTINGS = FitSettings(batch_size=8, mixup_beta=1.0)


@pytest.fixture(scope="module")
def segments() -> Segments:
    """35 segments; the first byte of each is its row."""
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 256, (35, 2, 128), dtype=np.uint8)
    codes[:, 0, 0] = np.arange(35)
    num_frames = rng.integers(1, 3, 35).astype(np.int32)
    labels = rng.integers(0, 2, (35, 5)).astype(np.bool_)
    return Segments([str(row) for row in range(35)], codes, num_frames, labels, [])


def rows_of(batch: tuple[tf.Tensor, ...]) -> np.ndarray:
    return batch[0].numpy()[:, 0, 0].astype(np.int64)


def test_an_epoch_deals_out_each_segment_at_most_once(segments: Segments) -> None:
    batches = Batches(segments, SETTINGS)
    epoch = list(batches.epoch(0))
    assert len(epoch) == batches.num_steps == 4
    rows = np.concatenate([rows_of(batch) for batch, _, _ in epoch])
    assert len(set(rows)) == 32
    assert not np.array_equal(rows, np.sort(rows))


def test_a_batch_holds_what_the_segments_hold(segments: Segments) -> None:
    for batch, partner, shares in Batches(segments, SETTINGS).epoch(3):
        for codes, num_frames, labels in (batch, partner):
            rows = rows_of((codes,))
            np.testing.assert_array_equal(codes, segments.codes[rows])
            np.testing.assert_array_equal(num_frames, segments.num_frames[rows])
            np.testing.assert_array_equal(labels, segments.labels[rows])
            assert labels.dtype == tf.float32
        assert sorted(rows_of(batch)) == sorted(rows_of(partner))
        assert shares.dtype == tf.float32
        assert 0 <= shares.numpy().min() < shares.numpy().max() <= 1


def test_one_number_gives_one_epoch_whatever_came_before(segments: Segments) -> None:
    batches = Batches(segments, SETTINGS)
    first = [rows_of(batch).tolist() for batch, _, _ in batches.epoch(5)]
    for other in (0, 1):
        assert [rows_of(batch).tolist() for batch, _, _ in batches.epoch(other)] != first
    again = Batches(segments, SETTINGS).epoch(5)
    assert [rows_of(batch).tolist() for batch, _, _ in again] == first


def test_nothing_is_mixed_with_a_beta_of_0(segments: Segments) -> None:
    for batch, partner, shares in Batches(segments, replace(SETTINGS, mixup_beta=0.0)).epoch(0):
        np.testing.assert_array_equal(rows_of(batch), rows_of(partner))
        assert shares.numpy().tolist() == [1.0] * 8

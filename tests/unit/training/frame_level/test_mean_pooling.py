"""The frame-level network: masking, pooling and the one loss of its training."""

from __future__ import annotations

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from earshot.embedding import postprocess  # noqa: E402
from training.frame_level.frames import dequantise, normalise  # noqa: E402
from training.frame_level.mean_pooling import (  # noqa: E402
    build_patch_network,
    score_segments,
)
from training.frame_level.train import cross_entropy  # noqa: E402


@pytest.fixture(scope="module")
def network() -> tf.keras.Model:
    tf.keras.utils.set_random_seed(0)
    return build_patch_network(num_classes=7)


def values_of(num_rows: int, length: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.uniform(-2, 2, (num_rows, length, 128)).astype(np.float32)


def test_dequantising_equals_that_of_the_services() -> None:
    codes = np.arange(256, dtype=np.uint8)
    np.testing.assert_allclose(dequantise(codes).numpy(), postprocess.dequantise(codes), atol=1e-6)


def test_normalised_rows_have_unit_rms_and_zeros_stay_zero() -> None:
    values = values_of(1, 3)
    values[0, 2] = 0
    rms = np.sqrt(np.mean(np.square(normalise(values).numpy()), axis=-1))
    np.testing.assert_allclose(rms, [[1, 1, 0]], atol=1e-5)


def test_a_segment_scores_the_mean_of_its_patches(network: tf.keras.Model) -> None:
    scores, patch_scores = score_segments(network, values_of(2, 5), np.array([5, 2], np.int32))
    np.testing.assert_allclose(scores[0], patch_scores[0].numpy().mean(axis=0), rtol=1e-5)
    np.testing.assert_allclose(scores[1], patch_scores[1, :2].numpy().mean(axis=0), rtol=1e-5)
    assert not patch_scores[1, 2:].numpy().any()


@pytest.mark.parametrize("count", [0, -3])
def test_scores_are_0_without_frames(network: tf.keras.Model, count: int) -> None:
    scores, _ = score_segments(network, values_of(1, 4), np.array([count], np.int32))
    assert not scores.numpy().any()


def test_more_frames_than_there_are_count_as_all(network: tf.keras.Model) -> None:
    values = values_of(1, 4)
    too_many, _ = score_segments(network, values, np.array([9], np.int32))
    every, _ = score_segments(network, values, np.array([4], np.int32))
    np.testing.assert_array_equal(too_many, every)


def test_cross_entropy_is_summed_over_classes_and_averaged_over_examples() -> None:
    scores = tf.constant([[0.5, 0.5], [1.0, 0.0]])
    targets = tf.constant([[1.0, 0.0], [1.0, 0.0]])
    assert cross_entropy(scores, targets).numpy() == pytest.approx(np.log(2), abs=1e-4)


def test_cross_entropy_leaves_out_what_has_no_weight() -> None:
    scores, targets = tf.constant([[0.5, 0.9]]), tf.constant([[1.0, 0.0]])
    weighted = cross_entropy(scores, targets, tf.constant([[1.0, 0.0]])).numpy()
    assert weighted == pytest.approx(np.log(2), abs=1e-4)

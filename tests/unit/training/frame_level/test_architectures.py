"""What every architecture promises: shapes, padding without influence, causal patch scores."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

import keras  # noqa: E402

from training.frame_level.frames import mask_frames, normalise  # noqa: E402
from training.frame_level.registry import ARCHITECTURES, Architecture  # noqa: E402
from training.frame_level.settings import NetworkSizes  # noqa: E402

SIZES = NetworkSizes(
    num_classes=7, dbof_cluster_size=24, dbof_hidden_size=16, lstm_cells=8, attention_units=16
)


@pytest.fixture(scope="module", params=ARCHITECTURES)
def architecture(request: pytest.FixtureRequest) -> Architecture:
    return ARCHITECTURES[request.param]


def with_random_weights(architecture: Architecture) -> keras.Model:
    """Weights and statistics far from their start, so that none of them can be left out."""
    network = architecture.build(SIZES)
    rng = np.random.default_rng(0)
    network.set_weights(
        [rng.uniform(0.1, 0.6, weight.shape).astype(np.float32) for weight in network.weights]
    )
    for layer in network.layers:
        if isinstance(layer, keras.layers.Dense):
            kernel = rng.normal(0, 0.3, layer.kernel.shape).astype(np.float32)
            layer.kernel.assign(kernel)
    return network


@pytest.fixture(scope="module")
def network(architecture: Architecture) -> keras.Model:
    return with_random_weights(architecture)


def values_of(num_rows: int, length: int) -> np.ndarray:
    rng = np.random.default_rng(length)
    return rng.uniform(-2, 2, (num_rows, length, 128)).astype(np.float32)


def scored(
    architecture: Architecture, network: keras.Model, values: np.ndarray, counts: list[int]
) -> tuple[np.ndarray, np.ndarray]:
    num_frames = tf.constant(counts, tf.int32)
    scores, patch_scores = architecture.score_segments(network, values, num_frames, False)
    return scores.numpy(), patch_scores.numpy()


def test_scores_are_probabilities_of_every_class(
    architecture: Architecture, network: keras.Model
) -> None:
    scores, patch_scores = scored(architecture, network, values_of(3, 5), [5, 2, 1])
    assert scores.shape == (3, 7)
    assert patch_scores.shape == (3, 5, 7)
    for array in (scores, patch_scores):
        assert array.min() >= 0
        assert array.max() <= 1
    assert np.ptp(scores) > 0.01


@pytest.mark.parametrize("filling", [0.0, 1e6, np.nan])
def test_padding_has_no_influence(
    architecture: Architecture, network: keras.Model, filling: float
) -> None:
    values = values_of(3, 6)
    counts = [6, 4, 1]
    filled = values.copy()
    for row, count in enumerate(counts):
        filled[row, count:] = filling
    for one, other in zip(
        scored(architecture, network, values, counts),
        scored(architecture, network, filled, counts),
        strict=True,
    ):
        np.testing.assert_array_equal(one, other)


def test_the_length_of_the_padding_has_no_influence(
    architecture: Architecture, network: keras.Model
) -> None:
    values = values_of(2, 12)
    long, _ = scored(architecture, network, values, [4, 3])
    short, _ = scored(architecture, network, values[:, :4], [4, 3])
    np.testing.assert_allclose(long, short, atol=1e-6)


def test_scores_are_0_without_frames_and_past_the_last(
    architecture: Architecture, network: keras.Model
) -> None:
    scores, patch_scores = scored(architecture, network, values_of(3, 4), [0, -3, 2])
    assert not scores[:2].any()
    assert not patch_scores[:2].any()
    assert not patch_scores[2, 2:].any()
    assert scores[2].all()


def test_more_frames_than_there_are_count_as_all(
    architecture: Architecture, network: keras.Model
) -> None:
    values = values_of(1, 4)
    too_many, _ = scored(architecture, network, values, [9])
    every, _ = scored(architecture, network, values, [4])
    np.testing.assert_array_equal(too_many, every)


def test_patch_scores_do_not_look_ahead(architecture: Architecture, network: keras.Model) -> None:
    values = values_of(1, 6)
    _, whole = scored(architecture, network, values, [6])
    changed = values.copy()
    changed[:, 3:] = -changed[:, 3:]
    _, until_then = scored(architecture, network, changed, [6])
    np.testing.assert_allclose(until_then[0, :3], whole[0, :3], atol=1e-6)
    assert np.abs(until_then[0, 3:] - whole[0, 3:]).max() > 1e-3


def test_a_patch_scores_as_the_segment_that_its_belief_rests_on(
    architecture: Architecture, network: keras.Model
) -> None:
    values = values_of(1, 5)
    _, patch_scores = scored(architecture, network, values, [5])
    first = 0 if architecture.name == "lstm" else 3
    scores, _ = scored(architecture, network, values[:, first:4], [4 - first])
    np.testing.assert_allclose(patch_scores[0, 3], scores[0], atol=1e-5)


def test_inference_is_deterministic(architecture: Architecture, network: keras.Model) -> None:
    values = values_of(2, 40)
    once = scored(architecture, network, values, [40, 17])
    again = scored(architecture, network, values, [40, 17])
    np.testing.assert_array_equal(once[0], again[0])


def test_training_moves_scores_and_statistics_but_not_by_padding() -> None:
    values = values_of(4, 6)
    counts = tf.constant([6, 3, 2, 6], tf.int32)
    statistics = []
    for length in (6, 20):
        padded = np.pad(values, ((0, 0), (0, length - 6), (0, 0)), constant_values=1e6)
        architecture = ARCHITECTURES["attention"]
        keras.utils.set_random_seed(3)
        network = architecture.build(SIZES)
        architecture.score_segments(network, padded, counts, True)
        statistics.append(network.get_layer("member_1_hidden_1_norm").moving_variance.numpy())
    np.testing.assert_allclose(statistics[0], statistics[1], rtol=1e-5)
    assert not np.allclose(statistics[0], 1.0, atol=1e-6)


def test_members_are_judged_each_and_averaged_when_they_score() -> None:
    architecture = ARCHITECTURES["attention"]
    network = architecture.build(dataclasses.replace(SIZES, attention_members=2))
    values, counts = values_of(4, 6), tf.constant([6, 3, 2, 0], tf.int32)
    scores, patch_scores = architecture.score_segments(network, values, counts, False)
    single = network((normalise(mask_frames(values, counts)[0]), mask_frames(values, counts)[1]))
    np.testing.assert_allclose(scores[:3], tf.reduce_mean(single[2], axis=1)[:3], rtol=1e-5)
    assert not np.allclose(single[2][:, 0], single[2][:, 1])
    assert architecture.score_members(network, values, counts).shape == (4, 2, scores.shape[1])
    assert patch_scores.shape == (4, 6, scores.shape[1])


@pytest.mark.parametrize("name", sorted(set(ARCHITECTURES) - {"attention"}))
def test_any_other_network_is_its_only_member(name: str) -> None:
    architecture = ARCHITECTURES[name]
    network = architecture.build(SIZES)
    counts = tf.constant([6, 3, 2, 6], tf.int32)
    assert architecture.score_members(network, values_of(4, 6), counts).shape[:2] == (4, 1)


def test_scoring_patches_does_not_move_the_statistics_of_segments() -> None:
    architecture = ARCHITECTURES["dbof"]
    keras.utils.set_random_seed(3)
    network = architecture.build(SIZES)
    values = np.repeat(values_of(4, 1), 5, axis=1)
    architecture.score_segments(network, values, tf.constant([5] * 4), True)
    clusters = network.get_layer("hidden_norm").moving_mean.numpy()
    # Every frame of a segment is the same, so one frame would give the same statistics.
    keras.utils.set_random_seed(3)
    single = architecture.build(SIZES)
    architecture.score_segments(single, values[:, :1], tf.constant([1] * 4), True)
    np.testing.assert_allclose(
        single.get_layer("hidden_norm").moving_mean.numpy(), clusters, rtol=1e-4, atol=1e-6
    )

"""Logistic and mixture of experts against their formulas in numpy."""

from __future__ import annotations

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

import keras  # noqa: E402

from training.frame_level.frames import normalise  # noqa: E402
from training.frame_level.logistic import build_logistic  # noqa: E402
from training.frame_level.lstm import build_lstm  # noqa: E402
from training.frame_level.moe import MixtureOfExperts  # noqa: E402
from training.frame_level.segments import score_segments  # noqa: E402
from training.frame_level.settings import NetworkSizes  # noqa: E402


def sigmoid(logits: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-logits))


def test_experts_are_weighed_by_a_softmax_with_one_that_says_0() -> None:
    rng = np.random.default_rng(0)
    features = keras.Input((5,))
    network = keras.Model(features, MixtureOfExperts(3, num_mixtures=2)(features))
    gates = rng.normal(size=(5, 9)).astype(np.float32)
    kernel = rng.normal(size=(5, 6)).astype(np.float32)
    bias = rng.normal(size=6).astype(np.float32)
    network.get_layer("gates").set_weights([gates])
    network.get_layer("experts").set_weights([kernel, bias])
    inputs = rng.normal(size=(4, 5)).astype(np.float32)
    # Column m * num_classes + c belongs to mixture m of class c.
    powers = np.exp((inputs @ gates).reshape(4, 3, 3))
    shares = powers / powers.sum(axis=1, keepdims=True)
    experts = sigmoid(inputs @ kernel + bias).reshape(4, 2, 3)
    expected = (shares[:, :2] * experts).sum(axis=1)
    np.testing.assert_allclose(network(inputs).numpy(), expected, atol=1e-6)


def test_logistic_is_a_dense_layer_on_the_mean_of_the_frames() -> None:
    network = build_logistic(NetworkSizes(num_classes=3))
    kernel, bias = (weight.numpy() for weight in network.weights)
    values = np.random.default_rng(0).normal(size=(2, 6, 128)).astype(np.float32)
    scores, _ = score_segments(network, values, tf.constant([6, 2]))
    frames = normalise(values).numpy()
    means = np.stack([frames[0].mean(axis=0), frames[1, :2].mean(axis=0)])
    np.testing.assert_allclose(scores, sigmoid(means @ kernel + bias), atol=1e-6)


@pytest.mark.parametrize(("cells", "expected"), [(256, 919_552), (1024, 13_115_392)])
def test_lstm_has_as_many_weights_as_youtube_8m(cells: int, expected: int) -> None:
    network = build_lstm(NetworkSizes(num_classes=3, lstm_cells=cells))
    layers = [layer for layer in network.layers if isinstance(layer, keras.layers.LSTM)]
    assert sum(layer.count_params() for layer in layers) == expected


def test_logistic_has_as_many_weights_as_youtube_8m() -> None:
    assert build_logistic(NetworkSizes(num_classes=527)).count_params() == 67_983

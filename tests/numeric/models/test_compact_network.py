"""The compact network: its size, its space, and OpenVINO against Keras."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

import keras  # noqa: E402
import openvino as ov  # noqa: E402

from earshot.openvino_model import compile_on_cpu  # noqa: E402
from training.embedder.network import build_embedder, write_ir  # noqa: E402


@pytest.fixture(scope="module")
def network() -> keras.Model:
    """Random weights, and statistics of batch normalisation that are not those of the start."""
    keras.utils.set_random_seed(1)
    made = build_embedder()
    rng = np.random.default_rng(1)
    for layer in made.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            shape = layer.moving_mean.shape
            layer.moving_mean.assign(rng.normal(0, 0.1, shape))
            layer.moving_variance.assign(rng.uniform(0.2, 1, shape))
    return made


def test_it_is_small_and_stays_within_the_space(network: keras.Model) -> None:
    assert network.count_params() < 1_500_000
    values = network(tf.fill([3, 96, 64], 90.0), training=False).numpy()
    assert values.shape == (3, 128)
    assert np.abs(values).max() <= 2


def test_what_is_written_computes_what_keras_does(network: keras.Model, tmp_path: Path) -> None:
    levels = np.linspace(-4, 2, 5)[:, None, None]
    patches = np.random.default_rng(2).normal(levels, 1, (5, 96, 64)).astype(np.float32)
    expected = network(tf.constant(patches), training=False).numpy()
    write_ir(network, tmp_path)
    compiled = compile_on_cpu(ov.Core(), tmp_path / "model.xml", "f32", num_threads=1)
    assert expected.std(axis=0).mean() > 0.1  # or any network would do
    for count in (5, 1):
        values = compiled({"patches": patches[:count]})["values"]
        # Weights are written with 11 bits of precision.
        np.testing.assert_allclose(values, expected[:count], atol=0.005)

"""One step: how far it goes."""

from __future__ import annotations

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

import keras  # noqa: E402

from training.frame_level.fit_step import make_fit_step  # noqa: E402
from training.frame_level.registry import ARCHITECTURES  # noqa: E402
from training.frame_level.settings import NetworkSizes  # noqa: E402


def moved_by(clip_gradient_norm: float) -> list[float]:
    """Returns how far a step of plain descent with rate 1 moves each variable."""
    architecture = ARCHITECTURES["logistic"]
    keras.utils.set_random_seed(1)
    network = architecture.build(NetworkSizes(num_classes=3))
    before = [variable.numpy() for variable in network.trainable_variables]
    averages = [tf.Variable(weight.value) for weight in network.weights]
    optimizer = keras.optimizers.SGD(1.0)
    optimizer.build(network.trainable_variables)
    step = make_fit_step(network, optimizer, averages, architecture, clip_gradient_norm)
    codes = np.random.default_rng(0).integers(0, 256, (4, 2, 128), dtype=np.uint8)
    batch = (tf.constant(codes), tf.constant([2] * 4), tf.ones((4, 3)))
    step(batch, batch, tf.ones(4), tf.constant(0.0))
    after = [variable.numpy() for variable in network.trainable_variables]
    return [float(np.linalg.norm(b - a)) for a, b in zip(before, after, strict=True)]


def test_the_gradient_of_each_tensor_is_shortened_to_the_norm() -> None:
    free = moved_by(0.0)
    assert min(free) > 0.5
    assert moved_by(0.5) == pytest.approx([0.5] * len(free), rel=1e-5)
    assert moved_by(100.0) == pytest.approx(free)

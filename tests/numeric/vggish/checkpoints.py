"""Checkpoints in TensorFlow's V1 format, written by TensorFlow, and networks to compare with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from earshot.vggish.network import Widths

Arrays = Mapping[str, NDArray[np.generic]]

SMALL = Widths((4, 6, 8, 8, 10, 12), 16)


def random_variables(widths: Widths = SMALL, seed: int = 0) -> dict[str, NDArray[np.float32]]:
    """Weights that keep the size of what passes through, and small biases."""
    rng = np.random.default_rng(seed)
    return {name: _random(rng, shape) for name, shape in widths.shapes().items()}


def write_v1(path: Path, arrays: Arrays) -> Path:
    """Writes one file with TensorFlow's own op."""
    data = [tf.constant(array) for array in arrays.values()]
    tf.raw_ops.Save(filename=str(path), tensor_names=list(arrays), data=data)
    return path


def keras_vggish(variables: Mapping[str, NDArray[np.float32]]) -> keras.Model:
    """VGGish as vggish_slim.py defines it, layer by layer, without an activation on the last."""
    maps = log_mel = keras.Input((96, 64))
    maps = keras.layers.Reshape((96, 64, 1))(maps)
    layers = []
    for name in (
        "conv1",
        "conv2",
        "conv3/conv3_1",
        "conv3/conv3_2",
        "conv4/conv4_1",
        "conv4/conv4_2",
    ):
        channels = variables[f"vggish/{name}/biases"].size
        layers.append((name, keras.layers.Conv2D(channels, 3, padding="same", activation="relu")))
        maps = layers[-1][1](maps)
        if not name.endswith("_1"):
            maps = keras.layers.MaxPool2D(2, 2, padding="same")(maps)
    units = keras.layers.Flatten()(maps)
    for name in ("fc1/fc1_1", "fc1/fc1_2", "fc2"):
        activation = None if name == "fc2" else "relu"
        size = variables[f"vggish/{name}/biases"].size
        layers.append((name, keras.layers.Dense(size, activation=activation)))
        units = layers[-1][1](units)
    for name, layer in layers:
        layer.set_weights([variables[f"vggish/{name}/{part}"] for part in ("weights", "biases")])
    return keras.Model(log_mel, units)


def _random(rng: np.random.Generator, shape: tuple[int, ...]) -> NDArray[np.float32]:
    scale = 0.1 if len(shape) == 1 else np.sqrt(2 / np.prod(shape[:-1]))
    return rng.standard_normal(shape, np.float32) * np.float32(scale)

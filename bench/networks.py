"""A network of VGGish's size with random weights, as an embedder bundle."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import openvino as ov
from openvino import opset13 as ops

# Output channels per 3x3 convolution, "pool" halves both axes. Source: vggish_slim.py.
LAYERS = (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool")
DENSE = (4096, 4096, 128)


def vggish_sized(folder: Path) -> Path:
    """Writes the bundle (144 MB at 16 bit) and returns its folder."""
    bundle = folder / "vggish-sized" / "1"
    bundle.mkdir(parents=True)
    rng = np.random.default_rng(0)
    patches = ops.parameter([-1, 96, 64], np.float32, name="patches")
    node = ops.unsqueeze(patches, ops.constant(1))
    channels = 1
    for layer in LAYERS:
        if layer == "pool":
            node = ops.max_pool(node, [2, 2], [1, 1], [0, 0], [0, 0], [2, 2]).output(0)
        else:
            node = ops.relu(_convolution(node, rng, channels, int(layer)))
            channels = int(layer)
    node = ops.reshape(node, ops.constant(np.array([0, -1])), special_zero=True)
    width = channels * 6 * 4
    for index, units in enumerate(DENSE):
        node = ops.matmul(node, ops.constant(_he(rng, (width, units))), False, False)
        node = ops.relu(node) if index < 2 else node
        width = units
    ov.save_model(ov.Model([node], [patches], "vggish-sized"), bundle / "model.xml")
    card = {
        "name": "vggish-sized",
        "version": 1,
        "kind": "embedder",
        "embedding_space": "none",
        "data": [],
        "metrics": {},
        "command": "python -m bench",
        "date": "2026-11-20",
        "files": [],
    }
    (bundle / "card.json").write_text(json.dumps(card))
    return bundle


def _convolution(node: object, rng: np.random.Generator, inputs: int, outputs: int) -> object:
    kernel = ops.constant(_he(rng, (outputs, inputs, 3, 3)))
    return ops.convolution(node, kernel, [1, 1], [1, 1], [1, 1], [1, 1])


def _he(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    fan_in = int(np.prod(shape[1:])) if len(shape) == 4 else shape[0]
    return (rng.standard_normal(shape, np.float32) * np.sqrt(2 / fan_in)).astype(np.float32)

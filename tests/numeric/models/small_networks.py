"""Networks of every architecture, small, with weights far from their start."""

from __future__ import annotations

import keras
import numpy as np

from training.frame_level.registry import Architecture
from training.frame_level.settings import NetworkSizes
from training.readers import ClassLabel

SIZES = NetworkSizes(
    num_classes=7, dbof_cluster_size=24, dbof_hidden_size=16, lstm_cells=8, attention_units=16
)
CLASS_LABELS = [ClassLabel(i, f"/m/{i}", f"class {i}") for i in range(7)]


def small_network(architecture: Architecture) -> keras.Model:
    """Batch normalisation's statistics too: as trained, they are not 0 and 1."""
    network = architecture.build(SIZES)
    rng = np.random.default_rng(0)
    for weight in network.weights:
        if "kernel" in weight.path:
            array = rng.normal(0, 2 / np.sqrt(weight.shape[0]), weight.shape)
        else:
            array = rng.uniform(0.1, 2, weight.shape)
        weight.assign(array.astype(np.float32))
    return network


def padded_segments(length: int) -> dict[str, np.ndarray]:
    """Five segments of 0 to `length` frames; past the last of each every byte is 255."""
    codes = np.random.default_rng(length).integers(0, 256, (5, length, 128), dtype=np.uint8)
    num_frames = np.linspace(0, length, 5).astype(np.int32)
    codes[np.arange(length) >= num_frames[:, None]] = 255
    return {"embeddings": codes, "num_frames": num_frames}

"""A network of VGGish's size with random weights, as an embedder bundle."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openvino as ov

from earshot.embedding.card_writer import write_card
from earshot.embedding.model_card import AUDIOSET_SPACE
from earshot.vggish.network import Widths, build_network


def vggish_sized(folder: Path) -> Path:
    """Writes the bundle (144 MB at 16 bit) and returns its folder."""
    bundle = folder / "vggish-sized" / "1"
    bundle.mkdir(parents=True)
    rng = np.random.default_rng(0)
    variables = {name: _he(rng, shape) for name, shape in Widths().shapes().items()}
    ov.save_model(build_network(variables), bundle / "model.xml")
    card = {
        "name": "vggish-sized",
        "version": 1,
        "kind": "embedder",
        "embedding_space": AUDIOSET_SPACE,
        "data": [],
        "metrics": {},
        "command": "python -m bench",
        "date": "2026-11-20",
    }
    write_card(bundle, card)
    return bundle


def _he(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Weights that keep the size of what passes through; biases are zero."""
    if len(shape) == 1:
        return np.zeros(shape, np.float32)
    scale = np.sqrt(2 / np.prod(shape[:-1]))
    return (rng.standard_normal(shape, np.float32) * scale).astype(np.float32)

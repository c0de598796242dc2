"""The int8 network of an embedder: written beside it, listed in its card, close to f32."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("nncf", reason="needs the training extra (nncf)")
pytest.importorskip("ai_edge_litert", reason="needs the training extra (ai-edge-litert)")

from earshot.embedding.card_writer import write_card
from earshot.embedding.embedder import Embedder
from earshot.embedding.model_card import read_card_fields, verify_bundle
from training.places import BUNDLE, EMBEDDER
from training.precisions import compare, write_int8


@pytest.mark.slow
def test_an_int8_network_gives_nearly_the_same_codes(tmp_path: Path) -> None:
    directory = tmp_path / "vggish-compact" / "1"
    shutil.copytree(EMBEDDER, directory)
    levels = np.linspace(-4, 3, 24, dtype=np.float32)[:, None, None]
    noise = np.random.default_rng(0).standard_normal((24, 96, 64)).astype(np.float32)
    patches = np.maximum(levels + noise, np.float32(np.log(0.01)))

    write_int8(directory, patches)
    write_card(directory, read_card_fields(directory))

    verify_bundle(directory, kind="embedder")
    steps = np.abs(
        Embedder.load(directory, "int8").embed(patches).astype(int)
        - Embedder.load(directory, "f32").embed(patches)
    )
    assert 0 < steps.mean() < 12
    compared = compare(directory, BUNDLE, patches)
    assert compared["int8"]["mean_step"] == pytest.approx(steps.mean(), abs=0.001)
    assert 0 <= compared["int8"]["changed_top_5"] <= 1

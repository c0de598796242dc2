"""The int8 network of an embedder: written beside it, listed in its card, close to f32."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("nncf", reason="needs the training extra (nncf)")
pytest.importorskip("ai_edge_litert", reason="needs the training extra (ai-edge-litert)")

from earshot.embedding.card_writer import write_card
from earshot.embedding.embedder import Embedder
from earshot.embedding.errors import BadBundle
from earshot.embedding.model_card import read_card_fields, verify_bundle
from training.held_out.heard import Listener
from training.places import BUNDLE, EMBEDDER
from training.precisions import add_int8


@pytest.fixture
def patches() -> NDArray[np.float32]:
    levels = np.linspace(-4, 3, 24, dtype=np.float32)[:, None, None]
    noise = np.random.default_rng(0).standard_normal((24, 96, 64)).astype(np.float32)
    return np.maximum(levels + noise, np.float32(np.log(0.01)))


def a_copy_without_int8(folder: Path) -> Path:
    """The shipped embedder as its training leaves it."""
    directory = folder / "vggish-compact" / "1"
    shutil.copytree(EMBEDDER, directory, ignore=shutil.ignore_patterns("model_int8.*"))
    fields = read_card_fields(directory)
    fields["metrics"].pop("precisions", None)
    write_card(directory, fields)
    return directory


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.slow
def test_an_int8_network_gives_nearly_the_same_codes(
    tmp_path: Path, patches: NDArray[np.float32]
) -> None:
    directory = a_copy_without_int8(tmp_path)

    compared = add_int8(directory, BUNDLE, patches, patches)["int8"]

    verify_bundle(directory, kind="embedder")
    assert names_in(directory.parent) == ["1"]
    noted = read_card_fields(directory)["metrics"]["precisions"]
    assert noted["on"] == "24 patches of held-out recordings, against f32"
    assert noted["int8"] == compared

    listener = Listener(Embedder.load(directory, "f32"), BUNDLE)
    codes = Embedder.load(directory, "f32").embed(patches)
    other_codes = Embedder.load(directory, "int8").embed(patches)
    steps = np.abs(other_codes.astype(int) - codes)
    assert 0 < steps.mean() < 12
    assert compared["mean_step"] == pytest.approx(steps.mean(), abs=0.001)
    assert compared["changed_codes"] == pytest.approx((steps > 0).mean(), abs=0.0001)
    best, other_best = (
        np.argsort(-listener.score(each), axis=1, kind="stable")[:, :5]
        for each in (codes, other_codes)
    )
    is_other = [set(one) != set(other) for one, other in zip(best, other_best, strict=True)]
    assert compared["changed_top_5"] == pytest.approx(np.mean(is_other), abs=0.0001)
    assert compared["changed_best"] == pytest.approx(
        (best[:, 0] != other_best[:, 0]).mean(), abs=0.0001
    )


def test_an_embedder_stays_as_it_is_when_its_int8_network_cannot_be_made(
    tmp_path: Path, patches: NDArray[np.float32]
) -> None:
    directory = a_copy_without_int8(tmp_path)
    before = {path.name: path.read_bytes() for path in directory.iterdir()}
    with pytest.raises(BadBundle, match="kind is embedder; needed is frame_level"):
        add_int8(directory, directory, patches, patches)
    with pytest.raises(RuntimeError, match="incompatible"):
        add_int8(directory, BUNDLE, patches[:, :, :10], patches)
    assert {path.name: path.read_bytes() for path in directory.iterdir()} == before
    assert names_in(directory.parent) == ["1"]
    verify_bundle(directory, kind="embedder")

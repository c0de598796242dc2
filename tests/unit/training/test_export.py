"""Bundles: weights come back as they went in, once, and nothing half-written takes a place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from earshot.embedding.card_writer import write_card  # noqa: E402
from earshot.embedding.model_card import verify_bundle  # noqa: E402
from training.card import bundle_in_the_making  # noqa: E402
from training.export import load_patch_network, write_saved_model  # noqa: E402
from training.frame_level.mean_pooling import build_patch_network  # noqa: E402
from training.frame_level.report import card_fields  # noqa: E402
from training.readers import ClassLabel  # noqa: E402

CLASS_LABELS = [ClassLabel(i, f"/m/{i}", f"class {i}, or so") for i in range(7)]
PARTICULARS = {"data": [], "metrics": {}, "command": "python -m training.frame_level"}


def test_a_bundle_holds_each_weight_once_and_gives_it_back(tmp_path: Path) -> None:
    network = build_patch_network(num_classes=7)
    out = tmp_path / "small" / "3"
    with bundle_in_the_making(out) as directory:
        write_saved_model(network, CLASS_LABELS, directory)
        write_card(directory, card_fields(network, out, PARTICULARS))
    card = verify_bundle(out, kind="frame_level")
    assert (card.name_version, card.num_classes) == ("small@3", 7)
    assert sum(file.num_bytes for file in card.files) < 4 * network.count_params() + 100_000
    for stored, weight in zip(
        load_patch_network(out).get_weights(), network.get_weights(), strict=True
    ):
        np.testing.assert_array_equal(stored, weight)


def test_what_was_there_stays_when_writing_fails(tmp_path: Path) -> None:
    out = tmp_path / "small" / "1"
    with bundle_in_the_making(out) as directory:
        (directory / "model.bin").write_bytes(b"old")

    def fill_the_disk() -> None:
        with bundle_in_the_making(out) as directory:
            (directory / "model.bin").write_bytes(b"new")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fill_the_disk()
    assert (out / "model.bin").read_bytes() == b"old"
    assert [path.name for path in out.parent.iterdir()] == ["1"]

"""Embedder and frame-level bundle together on recordings that neither was trained with."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from training.evaluate_embedder import measure_held_out

MODELS = Path(__file__).parents[3] / "models"


def test_a_true_class_is_among_the_top_5_for_most_of_the_held_out_fold(shared_data: Path) -> None:
    measured = measure_held_out(
        shared_data, MODELS / "vggish-compact" / "1", MODELS / "earshot-default" / "1"
    )
    assert measured["num_clips"] == 80
    assert measured["top_5_of_527"] >= 0.60
    assert measured["share_of_clipped_codes"] <= 0.15

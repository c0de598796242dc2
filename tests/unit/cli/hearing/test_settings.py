from __future__ import annotations

import pytest

from earshot.cli.hearing.settings import HearingSettings, with_threshold
from earshot.events.taxonomy import Label, Taxonomy
from services.notifier.settings import NotifierSettings


def taxonomy(on_score: float, off_score: float) -> Taxonomy:
    return Taxonomy((Label("Dog", "animal", "normal", ("Dog",), on_score, off_score, 0, 0),))


@pytest.mark.parametrize(
    ("on_score", "off_score", "threshold", "expected_off"),
    [(0.4, 0.2, 0.8, 0.4), (0.4, 0.4, 0.1, 0.1), (0.4, 0.2, 0.0, 0.0), (0.0, 0.0, 0.5, 0.0)],
)
def test_the_off_score_keeps_its_ratio(
    on_score: float, off_score: float, threshold: float, expected_off: float
) -> None:
    (label,) = with_threshold(taxonomy(on_score, off_score), threshold).labels
    assert label.on_score == threshold
    assert label.off_score == pytest.approx(expected_off)


def test_another_threshold_is_another_taxonomy() -> None:
    former = taxonomy(0.4, 0.2)
    assert with_threshold(former, 0.5).taxonomy_hash != former.taxonomy_hash


def test_what_decides_is_set_as_in_the_services() -> None:
    here, there = HearingSettings.model_fields, NotifierSettings.model_fields
    for name in ("models_dir", "embedder", "model", "precision", "window_patches", "taxonomy_file"):
        assert here[name].default == there[name].default

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from training.card import AUDIOSET_SOURCE
from training.data_source import describe_source


def test_audioset_is_known_by_its_list_of_classes() -> None:
    labels = Path("elsewhere") / "class_labels_indices.csv"
    assert describe_source(Path("shards"), labels) == AUDIOSET_SOURCE


def test_nothing_is_claimed_of_data_that_nothing_is_known_of() -> None:
    source = describe_source(Path("shards"), Path("labels.csv"))
    assert source == {"name": "shards", "licence": "not stated"}

from __future__ import annotations

from pathlib import Path

import pytest

from training.class_list import write_class_labels
from training.dataset.classes import audioset_mids, number_classes
from training.errors import BadInput
from training.places import MODELS
from training.readers import ClassLabel


def test_audioset_names_keep_their_mids_and_others_get_their_own() -> None:
    names = {"doorbell (old)", "Dog", "bär", "Doorbell / OLD", "!"}
    assert number_classes(names, audioset_mids(MODELS)) == [
        ClassLabel(0, "/x/label", "!"),
        ClassLabel(1, "/x/bär", "bär"),
        ClassLabel(2, "/m/0bt9lr", "Dog"),
        ClassLabel(3, "/x/doorbell-old", "doorbell (old)"),
        ClassLabel(4, "/x/doorbell-old-2", "Doorbell / OLD"),
    ]


def test_own_classes_of_a_trained_version_are_not_taken_for_audiosets(tmp_path: Path) -> None:
    assets = tmp_path / "earshot-default" / "2" / "assets"
    assets.mkdir(parents=True)
    write_class_labels(assets / "labels.csv", number_classes(["bell", "Dog"], {"Dog": "/m/0bt9lr"}))
    assert audioset_mids(tmp_path) == {"Dog": "/m/0bt9lr"}


def test_a_models_folder_without_the_shipped_bundle_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"earshot-default/1/assets/labels\.csv: "):
        audioset_mids(tmp_path)

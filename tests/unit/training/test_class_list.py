from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from training.class_list import write_class_labels
from training.readers import ClassLabel, read_class_labels


def test_classes_are_read_as_they_were_written(tmp_path: Path) -> None:
    names = ("Dog", 'Say "hello", twice', "Grüße")
    written = [ClassLabel(index, f"/m/{index}", name) for index, name in enumerate(names)]
    write_class_labels(tmp_path / "labels.csv", written)
    assert read_class_labels(tmp_path / "labels.csv") == written
    assert [path.name for path in tmp_path.iterdir()] == ["labels.csv"]

"""Thresholds are chosen on scores of models that have not seen the segment."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from training.frame_level.thresholds import out_of_fold_scores, write_thresholds
from training.readers import ClassLabel, Segments


def test_each_segment_is_scored_by_the_model_of_the_others() -> None:
    labels = np.zeros((40, 2), np.bool_)
    ids = [str(index) for index in range(40)]
    segments = Segments(ids, np.zeros((40, 1, 128), np.uint8), np.ones(40, np.int32), labels, [])

    def score(trained_on: set[str], others: Segments) -> np.ndarray:
        assert not trained_on & set(others.ids)
        assert len(trained_on) + len(others) == 40
        return np.array([[int(name), 1] for name in others.ids], np.float32)

    scores = out_of_fold_scores(segments, lambda half: set(half.ids), score, seed=1)
    np.testing.assert_array_equal(scores[:, 0], np.arange(40))


@pytest.mark.parametrize("score", [0.12345678, 0.99999994, 3e-6])
def test_a_threshold_is_never_above_its_own_score(tmp_path: Path, score: float) -> None:
    scores = np.array([[score], [score / 2]], np.float32)
    labels = np.array([[True], [False]])
    path = tmp_path / "thresholds.csv"
    write_thresholds(path, [ClassLabel(0, "/m/a", "Dog")], scores, labels)
    with path.open(newline="", encoding="utf-8") as file:
        (row,) = csv.DictReader(file)
    threshold = float(row["threshold"])
    assert scores[0, 0].astype(np.float64) >= threshold > scores[1, 0].astype(np.float64)


def test_a_row_per_class_and_none_of_a_class_without_positives(tmp_path: Path) -> None:
    class_labels = [ClassLabel(0, "/m/a", "Dog"), ClassLabel(1, "/m/b", "Cat, tom")]
    scores = np.array([[0.9, 0.1], [0.4, 0.2], [0.2, 0.3]], np.float32)
    labels = np.array([[True, False], [True, False], [False, False]])
    write_thresholds(tmp_path / "thresholds.csv", class_labels, scores, labels)
    with (tmp_path / "thresholds.csv").open(newline="", encoding="utf-8") as file:
        dog, cat = csv.DictReader(file)
    assert (dog["threshold"], dog["f1"], dog["num_positives"]) == (
        repr(float(np.float32(0.4))),
        "1.0000",
        "2",
    )
    assert cat["display_name"] == "Cat, tom"
    assert (cat["threshold"], cat["f1"], cat["num_positives"]) == ("", "", "0")

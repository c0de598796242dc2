"""Measures per class, and their CSV: a class without positives stays in it, with empty cells."""

from __future__ import annotations

import csv
import io

import numpy as np

from earshot.events.labels import ClassIndex
from training.evaluation.class_measures import COLUMNS, measure_classes, to_csv
from training.evaluation.evaluation import Evaluation

# Class 0 ranked: positive, negative, positive, negative. Class 1 has no positive.
SCORES = np.array([[0.9, 0.5], [0.8, 0.5], [0.7, 0.5], [0.1, 0.5]], np.float32)
LABELS = np.array([[1, 0], [0, 0], [1, 0], [0, 0]], np.bool_)


def test_measures_equal_the_worked_example() -> None:
    measures = measure_classes(SCORES, LABELS)
    assert measures.num_positives.tolist() == [2, 0]
    # AP (1/1 + 2/3) / 2; AUC 3 of 4 pairs; best F1 at the third: 2 of 3 right, all found.
    expected = {"ap": 5 / 6, "auc": 3 / 4, "threshold": 0.7, "precision": 2 / 3}
    for name, value in {**expected, "recall": 1.0, "f1": 0.8}.items():
        np.testing.assert_allclose(getattr(measures, name), [value, np.nan], err_msg=name)


def test_classes_without_positives_are_known() -> None:
    assert measure_classes(SCORES, LABELS).without_positives.tolist() == [1]


def test_csv_has_a_row_per_class(evaluation: Evaluation, classes: ClassIndex) -> None:
    text = to_csv(classes, evaluation.per_class)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == COLUMNS
    assert [row["index"] for row in rows] == [str(index) for index in range(8)]
    assert [row["display_name"] for row in rows] == list(classes.display_names)
    assert rows[2]["mid"] == "/m/2"
    np.testing.assert_allclose(float(rows[2]["ap"]), evaluation.per_class.ap[2], rtol=1e-5)
    assert int(rows[2]["num_positives"]) == evaluation.labels[:, 2].sum()


def test_cells_are_empty_for_a_class_without_positives(
    evaluation: Evaluation, classes: ClassIndex
) -> None:
    last = list(csv.reader(io.StringIO(to_csv(classes, evaluation.per_class))))[-1]
    assert last == ["7", "/m/7", "Never heard", "0", "", "", "", "", "", ""]

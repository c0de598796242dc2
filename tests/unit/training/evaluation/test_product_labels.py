"""The product's labels against an example worked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from earshot.events.labels import read_class_index
from earshot.events.scores import members_of
from earshot.events.taxonomy_file import load_taxonomy
from training.evaluation.product_labels import (
    ProductLabels,
    label_rows,
    measure_product_labels,
)

TAXONOMY = """\
labels:
  - {name: Alarm, category: safety, priority: high, classes: [Siren, Beep], on_score: 0.5}
  - {name: Dog, category: animal, priority: low, classes: [Dog], on_score: 0.99}
  - {name: Cat, category: animal, priority: low, classes: [Cat]}
"""
# Columns: Beep, Dog, Siren, Cat.
SCORES = np.array(
    [[0.1, 0.2, 0.9, 0.4], [0.6, 0.4, 0.1, 0.4], [0.2, 0.6, 0.3, 0.4], [0.7, 0.1, 0.0, 0.4]],
    np.float32,
)
LABELS = np.array([[0, 0, 1, 0], [1, 0, 0, 0], [1, 1, 1, 0], [0, 0, 0, 0]], np.bool_)


def measured(folder: Path) -> ProductLabels:
    (folder / "taxonomy.yaml").write_text(TAXONOMY)
    names = "index,mid,display_name\n0,/m/0,Beep\n1,/m/1,Dog\n2,/m/2,Siren\n3,/m/3,Cat\n"
    (folder / "labels.csv").write_text(names)
    taxonomy = load_taxonomy(folder / "taxonomy.yaml")
    members = members_of(taxonomy, read_class_index(folder / "labels.csv"))
    return measure_product_labels(taxonomy, members, SCORES, LABELS)


def test_a_label_is_as_sure_as_its_surest_class_and_true_with_any(tmp_path: Path) -> None:
    product = measured(tmp_path)
    np.testing.assert_allclose(product.scores[:, 0], [0.9, 0.6, 0.3, 0.7], atol=1e-3)
    assert product.is_positive.T.tolist() == [
        [True, True, True, False],
        [False, False, True, False],
        [False, False, False, False],
    ]
    assert product.measures.num_positives.tolist() == [3, 1, 0]
    # Alarm ranked: positive, negative, positive, positive.
    np.testing.assert_allclose(product.measures.ap, [(1 + 2 / 3 + 3 / 4) / 3, 1, np.nan])


def test_precision_and_recall_are_those_at_the_labels_own_threshold(tmp_path: Path) -> None:
    product = measured(tmp_path)
    # Alarm detects three, two of them right; nothing reaches Dog's; Cat is never true.
    np.testing.assert_allclose(product.precision_at_on, [2 / 3, np.nan, 0])
    np.testing.assert_allclose(product.recall_at_on, [2 / 3, 0, np.nan])


def test_rows_show_both_thresholds(tmp_path: Path) -> None:
    rows = label_rows(measured(tmp_path))
    assert rows[1] == ["Dog", "1", "1.000", "0.600", "1.000", "1.000", "0.990", "–", "0.000"]
    assert rows[2] == ["Cat", "0", "–", "–", "–", "–", "0.350", "0.000", "–"]

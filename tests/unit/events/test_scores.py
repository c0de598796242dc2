from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from earshot.events.errors import BadScores, BadTaxonomy
from earshot.events.labels import ClassIndex
from earshot.events.scores import Members, label_scores, members_of
from earshot.events.taxonomy import Label, Taxonomy

NAMES = ("Speech", "Dog", "Bark", "Siren")
CLASSES = ClassIndex(Path("labels.csv"), NAMES, NAMES, {n: i for i, n in enumerate(NAMES)})


def taxonomy(*classes: tuple[str, ...]) -> Taxonomy:
    labels = (Label(names[0], "human", "low", names, 0.5, 0.2, 0, 0) for names in classes)
    return Taxonomy(tuple(labels))


def members() -> Members:
    return members_of(taxonomy(("Siren",), ("Dog", "Bark"), ("Bark", "Speech")), CLASSES)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_a_label_scores_as_high_as_its_highest_class(dtype: type[np.floating]) -> None:
    scores = np.array([[0.5, 0.25, 0.75, 0.0], [1.0, 0.5, 0.25, 0.125]], dtype)

    result = label_scores(scores, members())

    assert result.dtype == np.float16
    assert result.tolist() == [[0.0, 0.75, 0.75], [0.125, 0.5, 1.0]]


def test_members_of_one_label_are_looked_up_by_its_place() -> None:
    assert [members().of(place).tolist() for place in range(3)] == [[3], [1, 2], [2, 0]]


def test_float32_scores_are_rounded_as_they_are_on_the_wire() -> None:
    scores = np.random.default_rng(1).random((20, 4), np.float32)

    sent = label_scores(scores.astype(np.float16), members())

    assert np.array_equal(label_scores(scores, members()), sent)


def test_no_patches_give_no_scores() -> None:
    assert label_scores(np.zeros((0, 4), np.float16), members()).shape == (0, 3)


@pytest.mark.parametrize("shape", [(2, 3), (2, 5), (4,)])
def test_another_number_of_classes_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(BadScores, match="the model's labels are 4"):
        label_scores(np.zeros(shape, np.float16), members())


@pytest.mark.parametrize("score", [np.nan, np.inf, -0.1, 1.01])
def test_a_score_that_is_none_is_refused(score: float) -> None:
    scores = np.full((1, 4), score, np.float16)

    with pytest.raises(BadScores, match="not from 0 to 1"):
        label_scores(scores, members())


def test_a_class_the_model_does_not_have_is_named_with_a_near_one() -> None:
    labels = taxonomy(("Barks",))
    labels.places["Barks", "Barks"] = "taxonomy.yaml:9: labels[0].classes[0]: "

    with pytest.raises(BadTaxonomy) as caught:
        members_of(labels, CLASSES)

    assert str(caught.value) == (
        "taxonomy.yaml:9: labels[0].classes[0]: labels.csv has no class 'Barks'"
        "; did you mean 'Bark'?"
    )

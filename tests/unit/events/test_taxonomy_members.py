from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from earshot.events.errors import BadTaxonomy
from earshot.events.labels import ClassIndex
from earshot.events.ontology import Ontology
from earshot.events.scores import label_scores, members_of, scene_members_of
from earshot.events.taxonomy import Label, Override, Scene, Scenes, Taxonomy

NAMES = ("Speech", "Dog", "Bark", "Parrot", "Siren")
MIDS = ("/s", "/d", "/bark", "/r", "/siren")
CLASSES = ClassIndex(Path("labels.csv"), MIDS, NAMES, {n: i for i, n in enumerate(NAMES)})
ONTOLOGY = Ontology(
    Path("ontology.csv"),
    {"Animal": "/a", "Dog": "/d", "Bark": "/bark", "Bird": "/b", "Parrot": "/r", "Plant": "/pl"},
    {"/a": ("/d", "/b"), "/d": ("/bark",), "/bark": (), "/b": ("/r",), "/r": (), "/pl": ()},
)


def animals(
    *subtrees: str, classes: tuple[str, ...] = (), places: dict[tuple[str, ...], str] | None = None
) -> Taxonomy:
    label = Label("Animals", "animal", "low", classes, subtrees=subtrees)
    return Taxonomy((label, Label("Siren", "safety", "high", ("Siren",))), places=places or {})


def test_a_subtree_gathers_every_class_of_the_model_at_or_below_it() -> None:
    members = members_of(animals("Animal"), CLASSES, ONTOLOGY)

    assert members.class_indices.tolist() == [1, 2, 3, 4]
    assert members.first_member.tolist() == [0, 3]


def test_classes_and_subtrees_add_up_without_doubles() -> None:
    members = members_of(animals("Dog", "Bird", classes=("Bark", "Speech")), CLASSES, ONTOLOGY)

    assert members.class_indices.tolist() == [2, 0, 1, 3, 4]


@pytest.mark.parametrize(
    ("subtree", "ontology", "message"),
    [
        ("Animal", None, "the model has no ontology beside labels.csv: name classes instead"),
        ("Animl", ONTOLOGY, "ontology.csv has no node 'Animl'; did you mean 'Animal'?"),
        ("Plant", ONTOLOGY, "labels.csv has no class at or below 'Plant'"),
    ],
)
def test_a_subtree_that_the_model_cannot_have_is_named_with_its_place(
    subtree: str, ontology: Ontology | None, message: str
) -> None:
    places = {("Animals", subtree): "taxonomy.yaml:9: labels[0].subtrees[0]: "}

    with pytest.raises(BadTaxonomy) as caught:
        members_of(animals(subtree, places=places), CLASSES, ontology)

    assert str(caught.value) == f"taxonomy.yaml:9: labels[0].subtrees[0]: {message}"


def test_a_node_that_only_groups_is_no_class() -> None:
    with pytest.raises(BadTaxonomy, match="label 'Animals': .*'Animal'; it is a node of the onto"):
        members_of(animals(classes=("Animal",)), CLASSES, ONTOLOGY)


def test_scenes_have_members_too() -> None:
    farm, street = Scene("Farm", ("Speech",), ("Animal",), 0.1), Scene("Street", ("Siren",))
    taxonomy = Taxonomy((), Scenes((farm, street)))

    members = scene_members_of(taxonomy, CLASSES, ONTOLOGY)
    scores = label_scores(np.array([[0.1, 0.2, 0.5, 0.3, 0.25]], np.float32), members)

    assert scores.tolist() == [[0.5, 0.25]]


def test_a_scene_with_an_unknown_class_is_named() -> None:
    taxonomy = Taxonomy((), Scenes((Scene("Farm", ("Dgo",)),)))

    with pytest.raises(BadTaxonomy, match=r"scene 'Farm': .*'Dgo'; did you mean 'Dog'\?"):
        scene_members_of(taxonomy, CLASSES)


def test_no_scenes_and_no_labels_give_scores_of_none() -> None:
    class_scores = np.zeros((3, 5), np.float16)

    assert label_scores(class_scores, scene_members_of(Taxonomy(()), CLASSES)).shape == (3, 0)
    assert label_scores(class_scores, members_of(Taxonomy(()), CLASSES)).shape == (3, 0)


def test_a_device_without_a_label_has_no_score_for_it() -> None:
    override = Override(tag="deaf", settings={"Animals": {"enabled": False}})
    taxonomy = Taxonomy(animals("Animal").labels, overrides=(override,))

    members = members_of(taxonomy.for_device("a", "", ["deaf"]), CLASSES, ONTOLOGY)

    assert members.class_indices.tolist() == [4]

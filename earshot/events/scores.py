"""From the scores of a model's classes to the scores of our labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earshot.events.errors import BadScores, BadTaxonomy
from earshot.events.hint import did_you_mean
from earshot.events.labels import ClassIndex
from earshot.events.ontology import Ontology
from earshot.events.score_range import are_scores
from earshot.events.taxonomy import Label, Scene, Taxonomy


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Which classes of one model belong to each label, or to each scene.

    Attributes:
        num_classes: Width of the model's scores.
        class_indices: intp (num_members,), label by label.
        first_member: intp (num_labels,), where each label's indices begin.
    """

    num_classes: int
    class_indices: NDArray[np.intp]
    first_member: NDArray[np.intp]

    def of(self, position: int) -> NDArray[np.intp]:
        """Returns the indices of the classes of one label, by its place among the labels."""
        end = self.first_member[position + 1 : position + 2]
        return self.class_indices[self.first_member[position] : end[0] if len(end) else None]


@dataclass(frozen=True, slots=True, eq=False)
class Gathering:
    """What a taxonomy gathers from the scores of one model.

    Attributes:
        labels: Members of the labels.
        scenes: Members of the scenes.
    """

    labels: Members
    scenes: Members


def gather(taxonomy: Taxonomy, classes: ClassIndex, ontology: Ontology | None = None) -> Gathering:
    """Looks up the members of labels and scenes: `members_of` and `scene_members_of`.

    Raises:
        BadTaxonomy: As these.
    """
    return Gathering(
        members_of(taxonomy, classes, ontology), scene_members_of(taxonomy, classes, ontology)
    )


def members_of(
    taxonomy: Taxonomy, classes: ClassIndex, ontology: Ontology | None = None
) -> Members:
    """Looks up the classes that belong to each label, in the order of the labels.

    Args:
        taxonomy: The labels; as they are in force at a device, for the tracker of that device.
        classes: Of the model.
        ontology: Of the model; None when it has none.

    Raises:
        BadTaxonomy: The model has no such class, or nothing at or below such a node of its
            ontology; with the place in the file and a near name.
    """
    owners = [(label, (label.name,)) for label in taxonomy.labels]
    return _members(owners, _Lookup(taxonomy, classes, ontology))


def scene_members_of(
    taxonomy: Taxonomy, classes: ClassIndex, ontology: Ontology | None = None
) -> Members:
    """Looks up the classes that belong to each scene: `members_of` for scenes.

    Raises:
        BadTaxonomy: As `members_of`.
    """
    owners = [(scene, ("scene", scene.name)) for scene in taxonomy.scenes.scenes]
    return _members(owners, _Lookup(taxonomy, classes, ontology))


@dataclass(frozen=True, slots=True)
class _Lookup:
    """Finds what a taxonomy names in a model."""

    taxonomy: Taxonomy
    classes: ClassIndex
    ontology: Ontology | None

    def class_index(self, key: tuple[str, ...], name: str) -> int:
        known = self.classes.index_of
        if name not in known:
            is_node = self.ontology is not None and name in self.ontology.mid_of
            hint = (
                "; it is a node of the ontology: name it in subtrees"
                if is_node
                else did_you_mean(name, known)
            )
            raise self._error(key, name, f"{self.classes.file} has no class {name!r}{hint}")
        return known[name]

    def subtree(self, key: tuple[str, ...], name: str) -> list[int]:
        if self.ontology is None:
            message = f"the model has no ontology beside {self.classes.file}: name classes instead"
            raise self._error(key, name, message)
        if name not in self.ontology.mid_of:
            hint = did_you_mean(name, self.ontology.mid_of)
            raise self._error(key, name, f"{self.ontology.file} has no node {name!r}{hint}")
        below = set(self.ontology.classes_under(name))
        indices = [index for index, mid in enumerate(self.classes.mids) if mid in below]
        if not indices:
            message = f"{self.classes.file} has no class at or below {name!r}"
            raise self._error(key, name, message)
        return indices

    def _error(self, key: tuple[str, ...], name: str, message: str) -> BadTaxonomy:
        kind = "label" if len(key) == 1 else "scene"
        place = self.taxonomy.places.get((*key, name), f"{kind} {key[-1]!r}: ")
        return BadTaxonomy(f"{place}{message}")


def _members(owners: Iterable[tuple[Label | Scene, tuple[str, ...]]], lookup: _Lookup) -> Members:
    indices: list[int] = []
    starts: list[int] = []
    for owner, key in owners:
        starts.append(len(indices))
        found = [lookup.class_index(key, name) for name in owner.classes]
        for name in owner.subtrees:
            found += lookup.subtree(key, name)
        indices += dict.fromkeys(found)
    return Members(len(lookup.classes), np.array(indices, np.intp), np.array(starts, np.intp))


def label_scores(class_scores: NDArray[np.floating], members: Members) -> NDArray[np.float16]:
    """Returns the highest score among each label's classes.

    Scores are rounded to float16 first, as they travel between services, so that sound scored in
    one process gives the same events as sound that went through the streams.

    Args:
        class_scores: float16 or float32 (num_patches, num_classes), 0 to 1.
        members: Of the model that gave the scores.

    Returns:
        float16 (num_patches, num_labels).

    Raises:
        BadScores: Another number of classes than the model's labels file has, or a score outside
            0 to 1, NaN included.
    """
    if class_scores.ndim != 2 or class_scores.shape[1] != members.num_classes:
        shape = "x".join(map(str, class_scores.shape))
        raise BadScores(f"scores are {shape}; the model's labels are {members.num_classes}")
    # `take` needs a third of the time that indexing does.
    gathered = class_scores.take(members.class_indices, axis=1).astype(np.float16, copy=False)
    if not are_scores(gathered):
        raise BadScores("a score is not from 0 to 1")
    highest: NDArray[np.float16] = np.maximum.reduceat(gathered, members.first_member, axis=1)
    return highest

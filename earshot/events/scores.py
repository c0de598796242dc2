"""From the scores of a model's classes to the scores of our labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earshot.events.errors import BadScores, BadTaxonomy
from earshot.events.hint import did_you_mean
from earshot.events.labels import ClassIndex
from earshot.events.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Which classes of one model belong to each label.

    Attributes:
        num_classes: Width of the model's scores.
        class_indices: intp (num_members,), label by label.
        first_member: intp (num_labels,), where each label's indices begin.
    """

    num_classes: int
    class_indices: NDArray[np.intp]
    first_member: NDArray[np.intp]


def members_of(taxonomy: Taxonomy, classes: ClassIndex) -> Members:
    """Looks up the classes that the labels name.

    Raises:
        BadTaxonomy: The model has no such class; with the place in the file and a near name.
    """
    indices: list[int] = []
    starts: list[int] = []
    for label in taxonomy.labels:
        starts.append(len(indices))
        for name in label.classes:
            if name not in classes.index_of:
                place = taxonomy.places.get((label.name, name), f"label {label.name!r}: ")
                hint = did_you_mean(name, classes.display_names)
                raise BadTaxonomy(f"{place}{classes.file} has no class {name!r}{hint}")
            indices.append(classes.index_of[name])
    return Members(len(classes), np.array(indices, np.intp), np.array(starts, np.intp))


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
    gathered = class_scores[:, members.class_indices].astype(np.float16, copy=False)
    if not np.all((gathered >= 0) & (gathered <= 1)):
        raise BadScores("a score is not from 0 to 1")
    highest: NDArray[np.float16] = np.maximum.reduceat(gathered, members.first_member, axis=1)
    return highest

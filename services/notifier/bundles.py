"""The labels of the models whose predictions arrive, looked up once per model and version.

A version that goes into service while this runs is looked up when its first prediction arrives;
predictions of the old one that are still on their way are read by the old one's labels.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TypeAlias

from earshot.events.errors import BadLabels, BadTaxonomy
from earshot.events.labels import read_class_index
from earshot.events.scores import Members, members_of
from earshot.events.taxonomy import Taxonomy
from earshot.streams.errors import BadMessage, DependencyAway

# The name becomes part of a path: no slash, and no dot in front.
MODEL = re.compile(r"([A-Za-z0-9_-][A-Za-z0-9._-]{0,63})@([0-9]{1,18})", re.ASCII)
LABELS = Path("assets", "labels.csv")

MembersFor: TypeAlias = Callable[[str, int], Members]
"""Label members of a model, by its name@version and the number of its scores."""


class Bundles:
    """Which classes of each model belong to each label. Safe to use from several threads.

    Args:
        models_dir: Folder of `<name>/<version>/` bundles.
        taxonomy: The labels.
    """

    def __init__(self, models_dir: Path, taxonomy: Taxonomy) -> None:
        self._models_dir = models_dir
        self._taxonomy = taxonomy
        self._members: dict[str, Members] = {}
        self._lock = Lock()

    def members(self, model: str, num_classes: int) -> Members:
        """Returns the label members of a model.

        Labels that fitted the scores once are the model's; whatever does not fit them later is
        not, which the caller finds out.

        Args:
            model: name@version, as predictions say it.
            num_classes: How many scores its predictions hold per patch.

        Raises:
            BadMessage: Not a name@version.
            DependencyAway: The bundle is not here, its labels are not those of the scores, or it
                does not fit the taxonomy: it is still being copied, or a wrong deployment.
                Predictions wait for that to be put right: none of them is lost.
        """
        with self._lock:
            members = self._members.get(model)
            if members is None:
                members = self._members[model] = self._look_up(model, num_classes)
            return members

    def check_newest(self, name: str) -> None:
        """Looks up the newest version of a model, so that a wrong taxonomy stops the start.

        Raises:
            BadLabels: There is no such bundle, or its labels cannot be read.
            BadTaxonomy: A label names a class the model does not have.
        """
        # A version without labels is still being copied.
        found = (labels.parts[-3] for labels in self._models_dir.glob(f"{name}/*/{LABELS}"))
        versions = [int(version) for version in found if version.isdecimal()]
        if not versions:
            raise BadLabels(f"{self._models_dir / name}: no version of the model is here")
        file = self._models_dir / name / str(max(versions)) / LABELS
        members_of(self._taxonomy, read_class_index(file))

    def _look_up(self, model: str, num_classes: int) -> Members:
        match = MODEL.fullmatch(model)
        if match is None:
            raise BadMessage(f"model {model[:80]!r} is not a name@version")
        file = self._models_dir / match[1] / str(int(match[2])) / LABELS
        try:
            classes = read_class_index(file)
            if len(classes) != num_classes:
                raise BadLabels(f"{file} has {len(classes)} classes; its scores are {num_classes}")
            return members_of(self._taxonomy, classes)
        except (BadLabels, BadTaxonomy) as error:
            raise DependencyAway(f"model {model}: {error}") from error

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

import structlog

from earshot.embedding.class_count import LABELS
from earshot.embedding.errors import BadBundle
from earshot.embedding.model_card import has_card, read_card
from earshot.embedding.version_folders import version_folders
from earshot.events.errors import BadLabels, BadTaxonomy
from earshot.events.labels import ClassIndex, read_class_index
from earshot.events.scores import Members, members_of
from earshot.events.taxonomy import Taxonomy
from earshot.streams.errors import BadMessage, DependencyAway

# The name becomes part of a path: no slash, and no dot in front.
MODEL = re.compile(r"([A-Za-z0-9_-][A-Za-z0-9._-]{0,63})@([0-9]{1,18})", re.ASCII)

log = structlog.get_logger(__name__)

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

        A version whose labels are not all there is passed over: it is still being copied, and is
        looked up again when its first prediction arrives.

        Raises:
            BadLabels: There is no such bundle, or no version's labels can be used.
            BadTaxonomy: A label names a class the model does not have.
        """
        members_of(self._taxonomy, self._newest_classes(name))

    def _newest_classes(self, name: str) -> ClassIndex:
        folder = self._models_dir / name
        newest_error = None
        for directory in reversed(version_folders(folder) if folder.is_dir() else []):
            if not (directory / LABELS).exists():
                continue
            try:
                return _whole_classes(directory)
            except BadLabels as error:
                newest_error = newest_error or error
                log.warning("version passed over, unfinished", reason=str(error))
        raise newest_error or BadLabels(f"{folder}: no version of the model is here")

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


def _whole_classes(directory: Path) -> ClassIndex:
    """Reads the labels of a version.

    Raises:
        BadLabels: They cannot be read, or are not as many as its card says, if it has one.
    """
    classes = read_class_index(directory / LABELS)
    if not has_card(directory):
        return classes
    try:
        num_classes = read_card(directory).num_classes
    except BadBundle as error:
        raise BadLabels(str(error)) from None
    if len(classes) != num_classes:
        raise BadLabels(f"{classes.file}: {len(classes)} classes; the card says {num_classes}")
    return classes

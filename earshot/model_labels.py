"""The labels of the models whose predictions arrive, looked up once per model and version.

Here bundles, taxonomies and streams meet, for whoever turns predictions into labels. A version that
goes into service while this runs is looked up when its first prediction arrives; predictions of the
old one that are still on their way are read by the old one's labels.
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
from earshot.events.labels import ClassIndex, read_class_index, read_ontology
from earshot.events.ontology import Ontology
from earshot.events.scores import Gathering, gather
from earshot.events.taxonomy import Taxonomy
from earshot.streams.errors import BadMessage, DependencyAway

# The name becomes part of a path: no slash, and no dot in front.
MODEL = re.compile(r"([A-Za-z0-9_-][A-Za-z0-9._-]{0,63})@([0-9]{1,18})", re.ASCII)

log = structlog.get_logger(__name__)

GatheringFor: TypeAlias = Callable[[Taxonomy, str, int], Gathering]
"""What a taxonomy gathers from a model, by its name@version and the number of its scores."""


class ModelLabels:
    """Which classes of each model belong to each label and scene. Safe to use from threads.

    Args:
        models_dir: Folder of `<name>/<version>/` bundles.
    """

    def __init__(self, models_dir: Path) -> None:
        self._models_dir = models_dir
        self._classes: dict[str, tuple[ClassIndex, Ontology | None]] = {}
        self._gatherings: dict[tuple[str, str], Gathering] = {}
        self._lock = Lock()

    def gathering(self, taxonomy: Taxonomy, model: str, num_classes: int) -> Gathering:
        """Returns what a taxonomy gathers from a model.

        Labels that fitted the scores once are the model's; whatever does not fit them later is
        not, which the caller finds out.

        Args:
            taxonomy: As it is in force where the sound was heard.
            model: name@version, as predictions say it.
            num_classes: How many scores its predictions hold per patch.

        Raises:
            BadMessage: Not a name@version.
            DependencyAway: The bundle is not here, its labels are not those of the scores, or it
                does not fit the taxonomy: it is still being copied, or a wrong deployment.
                Predictions wait for that to be put right: none of them is lost.
        """
        key = (model, taxonomy.taxonomy_hash)
        with self._lock:
            if key not in self._gatherings:
                self._gatherings[key] = self._gather(taxonomy, model, num_classes)
            return self._gatherings[key]

    def classes(self, model: str, num_classes: int) -> ClassIndex:
        """Returns the classes of a model.

        Args:
            model: As in `gathering`.
            num_classes: The same.

        Raises:
            BadMessage: As `gathering`.
            DependencyAway: As `gathering`.
        """
        with self._lock:
            try:
                return self._read(model, num_classes)[0]
            except BadLabels as error:
                raise DependencyAway(f"model {model}: {error}") from error

    def check_newest(self, name: str, taxonomy: Taxonomy) -> ClassIndex:
        """Looks up the newest version of a model, so that a wrong taxonomy stops the start.

        Returns the classes that the taxonomy fits.

        A version whose labels are not all there is passed over: it is still being copied, and is
        looked up again when its first prediction arrives.

        Raises:
            BadLabels: There is no such bundle, or no version's labels can be used.
            BadTaxonomy: A label or scene names what the model does not have.
        """
        classes = self._newest_classes(name)
        gather(taxonomy, classes, read_ontology(classes))
        return classes

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

    def _gather(self, taxonomy: Taxonomy, model: str, num_classes: int) -> Gathering:
        try:
            return gather(taxonomy, *self._read(model, num_classes))
        except (BadLabels, BadTaxonomy) as error:
            raise DependencyAway(f"model {model}: {error}") from error

    def _read(self, model: str, num_classes: int) -> tuple[ClassIndex, Ontology | None]:
        match = MODEL.fullmatch(model)
        if match is None:
            raise BadMessage(f"model {model[:80]!r} is not a name@version")
        if model not in self._classes:
            file = self._models_dir / match[1] / str(int(match[2])) / LABELS
            self._classes[model] = _fitting(file, num_classes)
        return self._classes[model]


def _fitting(file: Path, num_classes: int) -> tuple[ClassIndex, Ontology | None]:
    """Reads classes and ontology of a bundle whose scores are so many.

    Raises:
        BadLabels: They cannot be read, or are another number.
    """
    classes = read_class_index(file)
    if len(classes) != num_classes:
        raise BadLabels(f"{file} has {len(classes)} classes; its scores are {num_classes}")
    return classes, read_ontology(classes)


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

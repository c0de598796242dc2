"""What a training folder holds beside the checkpoint, so that a bundle can be made of it alone."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from training.class_list import write_class_labels
from training.errors import BadInput
from training.ontology import ONTOLOGY_FILE, write_ontology
from training.readers import ClassLabel
from training.whole_file import whole_file

CLASSES_FILE = "labels.csv"
SOURCE_FILE = "source.json"


def keep_origin(
    train_dir: Path,
    class_labels: Sequence[ClassLabel],
    ontology: Path | None,
    source: Mapping[str, Any],
) -> None:
    """Writes the classes, their ontology if there is one, and where the data are from.

    Args:
        train_dir: The folder.
        class_labels: The classes.
        ontology: AudioSet's file, when they are its classes.
        source: See `training.data_source`.

    Raises:
        BadInput: They cannot be written.
    """
    try:
        write_class_labels(train_dir / CLASSES_FILE, class_labels)
        if ontology:
            write_ontology(ontology, train_dir / ONTOLOGY_FILE)
        text = json.dumps(source, indent=2, ensure_ascii=False) + "\n"
        with whole_file(train_dir / SOURCE_FILE) as aside:
            aside.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{train_dir}: could not be written ({error.strerror})") from None


def read_source(train_dir: Path) -> dict[str, Any]:
    """Returns where the data of a training are from.

    Raises:
        BadInput: It is not there, or damaged.
    """
    path = train_dir / SOURCE_FILE
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise BadInput(f"{path}: cannot be read ({error})") from None

"""The classes of a model: which sound each of its scores is about."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

from earshot.events.errors import BadLabels
from earshot.events.ontology import Ontology

COLUMNS = ("index", "mid", "display_name")
ONTOLOGY = "ontology.csv"


@dataclass(frozen=True, slots=True)
class ClassIndex:
    """The classes of a model in the order of its scores.

    Attributes:
        file: The `labels.csv` it was read from.
        mids: Identifiers in the AudioSet ontology, e.g. `/m/09x0r`.
        display_names: Their names, e.g. `Speech`; no two alike.
        index_of: Display name to index.
    """

    file: Path
    mids: tuple[str, ...]
    display_names: tuple[str, ...]
    index_of: dict[str, int] = field(repr=False)

    def __len__(self) -> int:
        return len(self.display_names)


def read_class_index(file: Path) -> ClassIndex:
    """Reads a bundle's `assets/labels.csv`: a header, then one row per class from index 0 on.

    Raises:
        BadLabels: It cannot be read, a row is not `index,mid,display_name`, the indexes have
            holes, or two classes have the same name.
    """
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            header, *rows = csv.reader(lines)
    except OSError as error:
        raise BadLabels(f"{file}: cannot be read: {error.strerror}") from None
    except (ValueError, csv.Error) as error:
        raise BadLabels(f"{file}: no header and rows {','.join(COLUMNS)}: {error}") from None
    if tuple(header) != COLUMNS or not rows:
        raise BadLabels(f"{file}:1: expected the header {','.join(COLUMNS)} and a row per class")
    index_of: dict[str, int] = {}
    for expected, row in enumerate(rows):
        if len(row) != len(COLUMNS) or row[0] != str(expected) or not row[2]:
            raise BadLabels(f"{file}:{expected + 2}: expected {expected},mid,display_name: {row}")
        if index_of.setdefault(row[2], expected) != expected:
            raise BadLabels(f"{file}:{expected + 2}: a second class named {row[2]!r}")
    return ClassIndex(file, tuple(row[1] for row in rows), tuple(row[2] for row in rows), index_of)


def read_ontology(classes: ClassIndex) -> Ontology | None:
    """Reads the `ontology.csv` beside a model's labels; None when the bundle has none.

    Raises:
        BadLabels: There is one that cannot be used.
    """
    file = classes.file.with_name(ONTOLOGY)
    return Ontology.read(file) if file.exists() else None

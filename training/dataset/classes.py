"""The classes of a dataset: AudioSet's own where a label is one of its names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from training.readers import ClassLabel
from training.shards import read_labels

_OWN_PREFIX = "/x/"


def audioset_mids(models_dir: Path) -> dict[str, str]:
    """Returns the mid of every AudioSet class by its display name.

    They are read from the shipped bundle; a version of it that a user trained may name fewer.

    Raises:
        BadInput: There is no such bundle, or its list of classes cannot be read.
    """
    versions = sorted(models_dir.glob("earshot-default/*/assets/labels.csv"))
    files = versions or [models_dir / "earshot-default" / "1" / "assets" / "labels.csv"]
    classes = [label for file in files for label in read_labels(file)]
    return {
        label.display_name: label.mid for label in classes if not label.mid.startswith(_OWN_PREFIX)
    }


def number_classes(names: Iterable[str], mids: Mapping[str, str]) -> list[ClassLabel]:
    """Returns the classes in alphabetical order, with an index and a mid each.

    Args:
        names: Display names, no two alike.
        mids: Of known names; others get `/x/` and the name in lower case.
    """
    classes: list[ClassLabel] = []
    taken: set[str] = set()
    for index, name in enumerate(sorted(names, key=lambda name: (name.casefold(), name))):
        mid = mids.get(name) or _own_mid(name, taken)
        taken.add(mid)
        classes.append(ClassLabel(index, mid, name))
    return classes


def _own_mid(name: str, taken: set[str]) -> str:
    slug = re.sub(r"[\W_]+", "-", name.casefold()).strip("-") or "label"
    mid, number = _OWN_PREFIX + slug, 1
    while mid in taken:
        number += 1
        mid = f"{_OWN_PREFIX}{slug}-{number}"
    return mid

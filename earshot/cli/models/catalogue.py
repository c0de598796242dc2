"""The bundles in the models folder: finding them by name, and what the list says of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from earshot.cli.models.errors import NoSuchModel
from earshot.embedding.bundles import all_bundles, newest_bundle, versions
from earshot.embedding.errors import BadBundle
from earshot.embedding.model_card import read_card, read_card_fields

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Entry:
    """A bundle in the list.

    Attributes:
        name: Of the model.
        version: Its number.
        kind: `embedder` or `frame_level`.
        embedding_space: Of its output or input.
        classes: Scores per patch; None for an embedder.
        parameters: How many numbers were learnt, as far as the card says.
        bytes: All files together.
        precision: Of weights and arithmetic, in the card's words.
        date: When it was made.
        in_use: Whether the settings choose it.
    """

    name: str
    version: int
    kind: str
    embedding_space: str
    classes: int | None
    parameters: int | None
    bytes: int
    precision: str | None
    date: str
    in_use: bool


def entry_of(directory: Path, chosen: Collection[Path]) -> Entry:
    """Returns what the list says of a bundle.

    Args:
        directory: The bundle.
        chosen: The bundles that the settings choose.

    Raises:
        BadBundle: The card cannot be read.
    """
    card = read_card(directory)
    fields = read_card_fields(directory)
    return Entry(
        name=card.name,
        version=card.version,
        kind=card.kind,
        embedding_space=card.embedding_space,
        classes=card.num_classes,
        parameters=_given(fields, "parameters", int),
        bytes=sum(file.num_bytes for file in card.files),
        precision=_given(fields, "precision", str),
        date=card.date,
        in_use=directory in chosen,
    )


def _given(fields: Mapping[str, Any], key: str, expected: type[T]) -> T | None:
    """Returns what a card says beyond what it must; nothing when that is of another type."""
    value = fields.get(key)
    return value if isinstance(value, expected) else None


def chosen_bundles(models_dir: Path, names: Collection[str]) -> list[Path]:
    """Returns the newest version of each of the models that is there."""
    folders = (versions(models_dir, name) for name in names)
    return [found[-1] for found in folders if found]


def find_bundle(models_dir: Path, text: str) -> Path:
    """Returns the folder of `NAME`, its newest version, or of `NAME@VERSION`.

    Raises:
        NoSuchModel: There is none; names what is there.
    """
    name, _, version = text.partition("@")
    try:
        newest = newest_bundle(models_dir, name)
    except BadBundle as error:
        raise NoSuchModel(str(error)) from None
    if not version:
        return newest
    folders = {folder.name: folder for folder in versions(models_dir, name)}
    if version not in folders:
        raise NoSuchModel(f"no version {version!r} of {name}: {', '.join(folders)} there")
    return folders[version]


def find_bundles(models_dir: Path, texts: Collection[str]) -> list[Path]:
    """Returns the folders of `NAME`, in all versions, and `NAME@VERSION`; of everything for none.

    Raises:
        NoSuchModel: One of them is not there, or nothing at all is.
    """
    if texts:
        found = [_all_versions(models_dir, text) for text in texts]
        return [folder for folders in found for folder in folders]
    folders = all_bundles(models_dir)
    if not folders:
        raise NoSuchModel(f"no models in {models_dir}")
    return folders


def _all_versions(models_dir: Path, text: str) -> list[Path]:
    folder = find_bundle(models_dir, text)
    return [folder] if "@" in text else versions(models_dir, text)

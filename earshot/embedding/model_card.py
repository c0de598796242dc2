"""A model's card: `card.json` beside the model says what it is and what its files must be."""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from earshot.embedding.card_fields import check_fields
from earshot.embedding.card_files import CardFile, file_problems, read_files
from earshot.embedding.class_count import class_problems
from earshot.embedding.errors import BadBundle
from earshot.embedding.version_folders import is_version

CARD_FILE = "card.json"
KINDS = ("embedder", "frame_level")
# AudioSet's released features: VGGish, PCA with whitening, clipped to [-2, 2], 8 bits.
AUDIOSET_SPACE = "audioset-vggish-128"
EMBEDDING_SPACES = (AUDIOSET_SPACE,)

_REQUIRED: Mapping[str, type] = {
    "name": str,
    "version": int,
    "kind": str,
    "embedding_space": str,
    "data": list,
    "metrics": dict,
    "command": str,
    "date": str,
    "files": list,
}


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a bundle says about itself.

    Attributes:
        directory: Where the bundle lies.
        name: The model's name, also that of the folder above `directory`.
        version: 1, 2, 3 …, also the name of `directory`.
        kind: `embedder` or `frame_level`.
        embedding_space: The space of its output (embedder) or input (frame_level).
        num_classes: Scores per patch; None for an embedder.
        pca_file: The one of `files` that holds the projection from an embedder's raw output to
            values of the space; None when the network does it itself.
        data: What it was trained on, each with name, licence and attribution.
        metrics: Measured values by name; the names say on what.
        command: What made it.
        date: When, as YYYY-MM-DD.
        files: What the bundle consists of, the card apart.
    """

    directory: Path
    name: str
    version: int
    kind: str
    embedding_space: str
    num_classes: int | None
    pca_file: str | None
    data: tuple[Mapping[str, Any], ...]
    metrics: Mapping[str, Any]
    command: str
    date: str
    files: tuple[CardFile, ...]

    @property
    def name_version(self) -> str:
        """Returns e.g. ``vggish-compact@1``, as messages carry it."""
        return f"{self.name}@{self.version}"


def has_card(directory: Path) -> bool:
    """Whether a bundle has a card of ours; a `card.json` without `files` is somebody else's.

    One that cannot be read counts as ours: it may be damaged, which `read_card` says.
    """
    if not (directory / CARD_FILE).is_file():
        return False
    try:
        fields = read_card_fields(directory)
    except BadBundle:
        return True
    return isinstance(fields, dict) and "files" in fields


def read_card(directory: Path, kind: str | None = None) -> ModelCard:
    """Reads and checks a card; the other files are not looked at, see `verify_bundle`.

    Args:
        directory: The bundle, e.g. ``models/vggish-compact/1``.
        kind: What the caller needs, one of `KINDS`; None takes either.

    Raises:
        BadBundle: There is no card, it is no JSON, a field is missing or of the wrong type, a
            path leads out of the bundle, or the kind is another.
    """
    path = directory / CARD_FILE
    fields = read_card_fields(directory)
    check_fields(path, "", fields, _REQUIRED)
    if fields["kind"] not in KINDS:
        raise BadBundle(f"{path}: kind is {fields['kind']!r}; allowed are {', '.join(KINDS)}")
    if kind is not None and fields["kind"] != kind:
        raise BadBundle(f"{path}: kind is {fields['kind']}; needed is {kind}")
    files = tuple(read_files(path, fields["files"]))
    _check_optional(path, fields, files)
    return ModelCard(
        directory=directory,
        num_classes=fields["num_classes"] if fields["kind"] == "frame_level" else None,
        pca_file=fields.get("pca_file"),
        data=tuple(fields["data"]),
        files=files,
        **{key: fields[key] for key in _REQUIRED if key not in ("data", "files")},
    )


def verify_bundle(directory: Path, kind: str | None = None) -> ModelCard:
    """Reads the card and checks that the bundle is what it says; the network is not run.

    Raises:
        BadBundle: As `read_card`, or the first of `bundle_problems`.
    """
    card = read_card(directory, kind)
    for problem in bundle_problems(card):
        raise BadBundle(problem)
    return card


def bundle_problems(card: ModelCard) -> Iterator[str]:
    """Yields a sentence for each thing in a bundle that is not as its card says.

    The embedding space is one that is known; every file the card lists is there with its size and
    checksum, and every part of an embedder's network that is there is listed; labels and outputs
    are as many as the classes; an embedder's name and version are those of the folders. (A
    frame-level model goes by its folder, so a copy under another number is as good.)
    """
    path = card.directory / CARD_FILE
    if card.embedding_space not in EMBEDDING_SPACES:
        yield (
            f"{path}: embedding_space is {card.embedding_space!r}; "
            f"known are {', '.join(EMBEDDING_SPACES)}"
        )
    for file in card.files:
        yield from file_problems(card.directory / file.path, file)
    for part in filter(_is_network, unlisted_files(card) if card.kind == "embedder" else ()):
        yield f"{part}: the card does not list this part of the network"
    if card.num_classes is not None:
        yield from class_problems(card.directory, card.num_classes)
    if card.kind == "embedder":
        yield from _place_problems(path, card)


def unlisted_files(card: ModelCard) -> Iterator[Path]:
    """Yields the files of a bundle that its card does not list, hidden ones apart."""
    listed = {CARD_FILE, *(file.path for file in card.files)}
    for path in sorted(card.directory.rglob("*")):
        if path.is_dir() or path.name.startswith("."):
            continue
        if path.relative_to(card.directory).as_posix() not in listed:
            yield path


def read_card_fields(directory: Path) -> Any:
    """Returns everything a card says as it stands in the file, not yet checked.

    Raises:
        BadBundle: There is no card, or it is no JSON.
    """
    path = directory / CARD_FILE
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise BadBundle(
            f"{path}: cannot be read ({error.strerror}); a bundle needs this file"
        ) from error
    except (ValueError, RecursionError) as error:
        raise BadBundle(f"{path}: not JSON ({error})") from error


def _check_optional(path: Path, fields: Mapping[str, Any], files: Collection[CardFile]) -> None:
    """Checks what only some cards have."""
    if fields["kind"] == "frame_level":
        check_fields(path, "", fields, {"num_classes": int})
    if "pca_file" not in fields:
        return
    check_fields(path, "", fields, {"pca_file": str})
    if fields["pca_file"] not in {file.path for file in files}:
        raise BadBundle(f"{path}: pca_file is {fields['pca_file']!r}, which is none of its files")


def _is_network(path: Path) -> bool:
    """Whether OpenVINO could be given this file; the embedder's networks are `model*.xml`."""
    return path.match("model*.xml") or path.match("model*.bin")


def _place_problems(path: Path, card: ModelCard) -> Iterator[str]:
    """Messages name an embedder by its card: elsewhere a copy would pass as the first."""
    folder = Path(os.path.abspath(card.directory))  # noqa: PTH100  # resolve() follows links
    if not is_version(folder.name):
        return  # in no folder of models, e.g. in the making
    if card.version != int(folder.name):
        yield f"{path}: version is {card.version}, but the folder is {folder.name}"
    if card.name != folder.parent.name:
        yield f"{path}: name is {card.name!r}, but the folder above is {folder.parent.name!r}"

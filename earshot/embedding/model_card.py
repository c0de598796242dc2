"""A model's card: `card.json` beside the model says what it is and what its files must be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from earshot.embedding.class_count import class_problems
from earshot.embedding.errors import BadBundle

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
_REQUIRED_OF_FILE: Mapping[str, type] = {"path": str, "bytes": int, "sha256": str}


@dataclass(frozen=True, slots=True)
class CardFile:
    """One file of a bundle: path relative to the bundle, size, SHA-256 in lower-case hex."""

    path: str
    num_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelCard:
    """What a bundle says about itself.

    Attributes:
        directory: Where the bundle lies.
        name: The model's name, also that of the folder above `directory`.
        version: 1, 2, 3 …
        kind: `embedder` or `frame_level`.
        embedding_space: The space of its output (embedder) or input (frame_level).
        num_classes: Scores per patch; None for an embedder.
        pca_file: The file of the projection that turns an embedder's raw output into values of the
            space; None when the network does it itself.
        data: What it was trained on, each with name, licence and attribution.
        metrics: Measured values by name; the names say on what.
        command: What made it.
        date: When, as YYYY-MM-DD.
        files: Every other file of the bundle.
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


def read_card(directory: Path, kind: str | None = None) -> ModelCard:
    """Reads and checks a card; the other files are not looked at, see `verify_bundle`.

    Args:
        directory: The bundle, e.g. ``models/vggish-compact/1``.
        kind: What the caller needs, one of `KINDS`; None takes either.

    Raises:
        BadBundle: There is no card, it is no JSON, a field is missing or of the wrong type, or
            the kind is another.
    """
    path = directory / CARD_FILE
    fields = read_card_fields(directory)
    _check_fields(path, "", fields, _REQUIRED)
    if fields["kind"] not in KINDS:
        raise BadBundle(f"{path}: kind is {fields['kind']!r}; allowed are {', '.join(KINDS)}")
    if kind is not None and fields["kind"] != kind:
        raise BadBundle(f"{path}: kind is {fields['kind']}; needed is {kind}")
    if fields["kind"] == "frame_level":
        _check_fields(path, "", fields, {"num_classes": int})
    if "pca_file" in fields:
        _check_fields(path, "", fields, {"pca_file": str})
    return ModelCard(
        directory=directory,
        num_classes=fields.get("num_classes"),
        pca_file=fields.get("pca_file"),
        data=tuple(fields["data"]),
        files=tuple(_read_files(path, fields["files"])),
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
    checksum; there is no other file (hidden ones apart, which file managers leave behind); labels
    and outputs are as many as the classes.
    """
    if card.embedding_space not in EMBEDDING_SPACES:
        yield (
            f"{card.directory / CARD_FILE}: embedding_space is {card.embedding_space!r}; "
            f"known are {', '.join(EMBEDDING_SPACES)}"
        )
    for file in card.files:
        yield from _file_problems(card.directory / file.path, file)
    listed = {CARD_FILE, *(file.path for file in card.files)}
    for path in sorted(card.directory.rglob("*")):
        if path.is_dir() or path.name.startswith("."):
            continue
        if path.relative_to(card.directory).as_posix() not in listed:
            yield f"{path}: the card does not list this file"
    if card.num_classes is not None:
        yield from class_problems(card.directory, card.num_classes)


def _file_problems(path: Path, file: CardFile) -> Iterator[str]:
    try:
        num_bytes = path.stat().st_size
        if num_bytes != file.num_bytes:
            yield f"{path}: {num_bytes} bytes; the card says {file.num_bytes} bytes"
            return
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        yield f"{path}: cannot be read ({error.strerror}), but the card lists it"
        return
    if digest != file.sha256:
        yield f"{path}: SHA-256 is {digest}; the card says {file.sha256}"


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
    except ValueError as error:
        raise BadBundle(f"{path}: not JSON ({error})") from error


def _read_files(path: Path, files: list[Any]) -> Iterator[CardFile]:
    for index, file in enumerate(files):
        _check_fields(path, f"files[{index}].", file, _REQUIRED_OF_FILE)
        yield CardFile(file["path"], file["bytes"], file["sha256"])


def _check_fields(path: Path, prefix: str, fields: Any, required: Mapping[str, type]) -> None:
    if not isinstance(fields, dict):
        place = prefix.removesuffix(".") or "the card"
        raise BadBundle(f"{path}: {place} is {type(fields).__name__}; it must be an object")
    for key, expected in required.items():
        if key not in fields:
            raise BadBundle(
                f"{path}: field {prefix}{key} is missing; it must be {expected.__name__}"
            )
        if not isinstance(fields[key], expected) or isinstance(fields[key], bool):
            raise BadBundle(
                f"{path}: field {prefix}{key} is {type(fields[key]).__name__}; "
                f"it must be {expected.__name__}"
            )

"""A model's card: `card.json` beside the model says what it is and what its files must be."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from earshot.embedding.errors import BadBundle

CARD_FILE = "card.json"
KINDS = ("embedder", "frame_level")

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
    fields = _read_json(path)
    _check_fields(path, "", fields, _REQUIRED)
    if fields["kind"] not in KINDS:
        raise BadBundle(f"{path}: kind is {fields['kind']!r}; allowed are {', '.join(KINDS)}")
    if kind is not None and fields["kind"] != kind:
        raise BadBundle(f"{path}: kind is {fields['kind']}; needed is {kind}")
    if fields["kind"] == "frame_level":
        _check_fields(path, "", fields, {"num_classes": int})
    files = []
    for index, file in enumerate(fields["files"]):
        _check_fields(path, f"files[{index}].", file, _REQUIRED_OF_FILE)
        files.append(CardFile(file["path"], file["bytes"], file["sha256"]))
    return ModelCard(
        directory=directory,
        num_classes=fields.get("num_classes"),
        data=tuple(fields["data"]),
        files=tuple(files),
        **{key: fields[key] for key in _REQUIRED if key not in ("data", "files")},
    )


def verify_bundle(directory: Path, kind: str | None = None) -> ModelCard:
    """Reads the card and compares every file it lists with its size and checksum.

    Raises:
        BadBundle: As `read_card`, or a file is missing or not the one the card describes.
    """
    card = read_card(directory, kind)
    for file in card.files:
        path = directory / file.path
        try:
            content = path.read_bytes()
        except OSError as error:
            raise BadBundle(
                f"{path}: cannot be read ({error.strerror}), but the card lists it"
            ) from error
        if len(content) != file.num_bytes:
            raise BadBundle(f"{path}: {len(content)} bytes; the card says {file.num_bytes} bytes")
        digest = hashlib.sha256(content).hexdigest()
        if digest != file.sha256:
            raise BadBundle(f"{path}: SHA-256 is {digest}; the card says {file.sha256}")
    return card


def _read_json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except OSError as error:
        raise BadBundle(
            f"{path}: cannot be read ({error.strerror}); a bundle needs this file"
        ) from error
    except ValueError as error:
        raise BadBundle(f"{path}: not JSON ({error})") from error


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

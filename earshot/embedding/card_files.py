"""The files that a card lists, and whether they are those that lie beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from stat import S_ISREG
from typing import Any

from earshot.embedding.card_fields import check_fields
from earshot.embedding.errors import BadBundle

_REQUIRED: Mapping[str, type] = {"path": str, "bytes": int, "sha256": str}


@dataclass(frozen=True, slots=True)
class CardFile:
    """One file of a bundle: path relative to the bundle, size, SHA-256 in lower-case hex."""

    path: str
    num_bytes: int
    sha256: str


def read_files(path: Path, entries: list[Any]) -> Iterator[CardFile]:
    """Yields the files of a card, one for each entry of its `files`.

    Args:
        path: The card, for messages.
        entries: As read from it.

    Raises:
        BadBundle: A field is missing or of another type, or a path leads out of the bundle.
    """
    for index, entry in enumerate(entries):
        check_fields(path, f"files[{index}].", entry, _REQUIRED)
        if not _is_within(entry["path"]):
            raise BadBundle(
                f"{path}: files[{index}].path is {entry['path']!r}; it must be a path within the "
                "bundle, of printable characters"
            )
        yield CardFile(entry["path"], entry["bytes"], entry["sha256"])


def file_problems(path: Path, file: CardFile) -> Iterator[str]:
    """Yields a sentence when a file is missing or not the one that the card lists.

    Nothing but a regular file of the right size is read: a device would have no end.

    Args:
        path: Where it lies.
        file: What the card says of it.
    """
    try:
        status = path.stat()
        if not S_ISREG(status.st_mode):
            yield f"{path}: not a file, but the card lists it"
            return
        if status.st_size != file.num_bytes:
            yield f"{path}: {status.st_size} bytes; the card says {file.num_bytes} bytes"
            return
        with path.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        yield f"{path}: cannot be read ({error.strerror}), but the card lists it"
        return
    if digest != file.sha256:
        yield f"{path}: SHA-256 is {digest}; the card says {file.sha256}"


def _is_within(text: str) -> bool:
    """Whether a path stays in its folder; NUL and half characters are no names of files."""
    path = PurePosixPath(text)
    is_inside = not path.is_absolute() and ".." not in path.parts
    return bool(path.parts) and is_inside and text.isprintable()

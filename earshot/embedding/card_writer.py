"""Writes a bundle's card, last of all: it has the checksums of the files beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from earshot.embedding.model_card import CARD_FILE


def write_card(directory: Path, fields: Mapping[str, Any]) -> None:
    """Writes `card.json` with the given fields and the checksum of every other file beside it.

    Raises:
        OSError: The disk is full, or the place cannot be written.
    """
    paths = sorted(path for path in directory.rglob("*") if path.is_file())
    files = [_describe(path, directory) for path in paths if path.name != CARD_FILE]
    text = json.dumps({**fields, "files": files}, indent=2, ensure_ascii=False)
    (directory / CARD_FILE).write_text(text + "\n", encoding="utf-8")


def _describe(path: Path, directory: Path) -> dict[str, Any]:
    with path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    name = path.relative_to(directory).as_posix()
    return {"path": name, "bytes": path.stat().st_size, "sha256": digest}

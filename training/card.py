"""Writing a bundle: everything aside first, the card last, then one rename into place."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from earshot.embedding.model_card import CARD_FILE

AUDIOSET_SOURCE = {
    "name": "AudioSet, released features and labels",
    "licence": "CC BY 4.0",
    "attribution": (
        "Gemmeke et al., Audio Set: An ontology and human-labeled dataset for audio events, "
        "ICASSP 2017. Google, https://research.google.com/audioset/"
    ),
}


def write_card(directory: Path, fields: Mapping[str, Any]) -> None:
    """Writes `card.json` with the given fields and the checksum of every other file beside it."""
    files = [
        {
            "path": path.relative_to(directory).as_posix(),
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(directory.rglob("*"))
        if path.is_file() and path.name != CARD_FILE
    ]
    text = json.dumps({**fields, "files": files}, indent=2, ensure_ascii=False)
    (directory / CARD_FILE).write_text(text + "\n", encoding="utf-8")


@contextmanager
def bundle_in_the_making(directory: Path) -> Iterator[Path]:
    """Gives an empty folder beside `directory` that takes its place when the block succeeds.

    When the block fails the folder is removed and what was there before stays.
    """
    aside = directory.with_name(f".{directory.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        yield aside
        shutil.rmtree(directory, ignore_errors=True)
        aside.rename(directory)
    finally:
        shutil.rmtree(aside, ignore_errors=True)

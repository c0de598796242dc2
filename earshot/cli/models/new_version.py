"""A new version of a model: made aside, then given the first number that is free."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from earshot.embedding.card_writer import write_card
from earshot.embedding.model_card import read_card_fields
from earshot.embedding.version_folders import version_folders


def add_version(model_dir: Path, write: Callable[[Path, int], None]) -> Path:
    """Returns the folder of a new version; what came there meanwhile is never replaced.

    Args:
        model_dir: Folder of the model's versions; made when missing.
        write: Fills an empty folder with the bundle of a version, its card last. Nothing of it
            stays when this raises.

    Raises:
        OSError: The disk is full, or the place cannot be written.
    """
    model_dir.mkdir(parents=True, exist_ok=True)
    there = version_folders(model_dir)
    version = int(there[-1].name) + 1 if there else 1
    aside = model_dir / f".{secrets.token_hex(4)}.part"
    aside.mkdir()
    try:
        write(aside, version)
        while not _take(model_dir / str(version)):
            version += 1
            write_card(aside, {**read_card_fields(aside), "version": version})
        return aside.rename(model_dir / str(version))
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _take(directory: Path) -> bool:
    """Makes a folder unless something is there: the bundle can replace an empty one only."""
    try:
        directory.mkdir()
    except FileExistsError:
        return False
    return True

"""The versions of a model: the folders in its folder whose names are numbers."""

from __future__ import annotations

from pathlib import Path


def is_version(name: str) -> bool:
    """Whether a folder of this name holds a version: digits 0 to 9 alone."""
    return name.isascii() and name.isdecimal()


def version_folders(folder: Path) -> list[Path]:
    """Returns the folders of versions in a model's folder, the highest number last.

    What is in them is not looked at: a version may still be copied.

    Raises:
        OSError: The model's folder cannot be read.
    """
    found = [path for path in folder.iterdir() if is_version(path.name) and path.is_dir()]
    return sorted(found, key=lambda path: int(path.name))

"""What lies in the models folder: `<models_dir>/<name>/<integer version>/`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from earshot.embedding.version_folders import version_folders
from earshot.serving.saved_model import FILE_NAME

_IR_FILE_NAME = "model.xml"  # an embedder: another service's model in the same folder

Fingerprint: TypeAlias = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class VersionFolder:
    """One version as it lies on disk."""

    number: int
    path: Path

    def fingerprint(self) -> Fingerprint:
        """Name, size and time of every file; changes while a version is being copied."""
        return tuple(sorted(_files(self.path)))


def find_versions(models_dir: Path) -> dict[str, list[VersionFolder]]:
    """Every model by name with its versions, newest first.

    Folders that hold no version, and bundles for another runtime, are left out. A version without
    `saved_model.pb` is kept: it may still be copied, and whoever asks should be told.

    Raises:
        OSError: The folder cannot be read.
    """
    models = {}
    for folder in sorted(models_dir.iterdir()):
        if folder.is_dir() and (versions := list_versions(folder)):
            models[folder.name] = versions
    return models


def list_versions(folder: Path) -> list[VersionFolder]:
    """The versions in a model's own folder, newest first.

    Raises:
        OSError: The folder cannot be read.
    """
    return [
        VersionFolder(int(path.name), path)
        for path in reversed(version_folders(folder))
        if not _is_ir(path)
    ]


def _is_ir(path: Path) -> bool:
    return (path / _IR_FILE_NAME).exists() and not (path / FILE_NAME).exists()


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
    for place, _, names in os.walk(folder):  # unlike rglob, goes on when a folder has just gone
        for name in names:
            path = Path(place, name)
            try:
                stat = path.stat()
            except OSError:  # gone since it was listed: the fingerprint differs next time
                continue
            yield str(path.relative_to(folder)), stat.st_size, stat.st_mtime_ns

"""The recordings that file and folder names stand for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from earshot.cli.errors import FileRefused

ENDINGS = (".wav", ".flac", ".ogg", ".mp3")


@dataclass(frozen=True, slots=True)
class Found:
    """A file to hear.

    Attributes:
        path: The file.
        place: Its path below the folder that was searched; its name when it was named itself.
    """

    path: Path
    place: Path


def find(paths: Iterable[Path]) -> Iterator[Found | FileRefused]:
    """Yields every recording, in the order of the names given, folders in alphabetical order.

    Folders are searched to the bottom for the endings above, in upper or lower case. What begins
    with a dot is left out, and links to folders are not followed. A file that was named itself may
    have any ending. What cannot be found or looked into is yielded as the reason why.
    """
    for path in paths:
        try:
            path.stat()
        except OSError as error:
            missing = isinstance(error, FileNotFoundError)
            yield FileRefused(path, "no such file" if missing else error.strerror or str(error))
            continue
        if path.is_dir():
            yield from _search(path)
        else:
            yield Found(path, Path(path.name))


def _search(folder: Path) -> Iterator[Found | FileRefused]:
    closed: list[OSError] = []
    num_found = 0
    for name, folders, files in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for file in sorted(files):
            if file.lower().endswith(ENDINGS) and not file.startswith("."):
                path = Path(name, file)
                num_found += 1
                yield Found(path, path.relative_to(folder))
    for error in closed:
        yield FileRefused(Path(error.filename), error.strerror or str(error))
    if not num_found and not closed:
        yield FileRefused(folder, f"no recordings ({' '.join(ENDINGS)}) in this folder")

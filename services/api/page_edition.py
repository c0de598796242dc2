"""The pages' files as they are now, under an address that changes with them."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

VERSION_CHARACTERS = 16
_Stamp = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """All files of the pages at one time.

    Attributes:
        version: Hash of all of them, in hexadecimal digits.
        files: Contents by name below the folder, with slashes.
    """

    version: str
    files: Mapping[str, bytes]


class Editions:
    """Reads a folder when it is first asked for, and again when a file in it has changed.

    Args:
        folder: Where the files are; without it there are none.
        suffixes: Of the files that count, with their dots.
    """

    def __init__(self, folder: Path, suffixes: frozenset[str]) -> None:
        self._folder, self._suffixes = folder, suffixes
        self._last: tuple[_Stamp, Edition] | None = None

    def now(self) -> Edition:
        """Returns the files as they are; looking takes a millisecond or two, once a document."""
        stamp = self._stamp()
        if self._last is None or self._last[0] != stamp:
            self._last = (stamp, self._read(stamp))
        return self._last[1]

    def of(self, version: str) -> Edition | None:
        """Returns the edition with this version, without looking at the folder if it can."""
        if self._last is not None and self._last[1].version == version:
            return self._last[1]
        edition = self.now()
        return edition if edition.version == version else None

    def _stamp(self) -> _Stamp:
        found = []
        for folder, _, names in os.walk(self._folder):
            for name in names:
                path = Path(folder, name)
                if path.suffix in self._suffixes:
                    told = path.stat()
                    found.append((str(path), told.st_mtime_ns, told.st_size))
        return tuple(sorted(found))

    def _read(self, stamp: _Stamp) -> Edition:
        paths = [Path(path) for path, _, _ in stamp]
        files = {path.relative_to(self._folder).as_posix(): path.read_bytes() for path in paths}
        whole = hashlib.sha256()
        for name, content in files.items():
            whole.update(f"{name}\0{len(content)}\0".encode() + content)
        return Edition(whole.hexdigest()[:VERSION_CHARACTERS], files)

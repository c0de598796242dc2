"""A download in the making: what came of the file so far, held by one process at a time.

Beside `<name>.part` lies `<name>.part.from`: where the bytes came from, and by which mark the
server knows the version of the file they are of (its ETag or date).
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from earshot.cli.models.errors import DownloadFailed


class Part:
    """A file that grows at its end. Use `open_part`.

    Attributes:
        path: Where it lies.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        self.path = path
        self._file = file
        self._from = path.with_name(path.name + ".from")
        self._file.seek(0, os.SEEK_END)

    @property
    def num_bytes(self) -> int:
        """How many bytes there are."""
        return self._file.tell()

    def headers(self, url: str) -> dict[str, str]:
        """Returns the headers that ask for what is missing, or for all when the file changed."""
        if not self.num_bytes:
            return {}
        headers = {"Range": f"bytes={self.num_bytes}-"}
        source, _, mark = self._read_from().partition("\n")
        if source == url and mark:
            headers["If-Range"] = mark
        return headers

    def begin(self, url: str, headers: Mapping[str, str]) -> None:
        """Drops what is there, for an answer that begins at the first byte.

        Args:
            url: What was asked.
            headers: Of the answer. A weak ETag does not promise the same bytes.
        """
        self._file.seek(0)
        self._file.truncate()
        etag = headers.get("ETag", "")
        mark = etag if etag.startswith('"') else headers.get("Last-Modified", "")
        self._from.write_text(f"{url}\n{mark if mark.isascii() else ''}", encoding="utf-8")

    def append(self, content: bytes) -> None:
        """Adds bytes at the end."""
        self._file.write(content)

    def flush(self) -> None:
        """Writes out what was added, for those who read the file by its path."""
        self._file.flush()

    def remove(self) -> None:
        """Removes the file."""
        self.path.unlink()
        self._from.unlink(missing_ok=True)

    def become(self, path: Path) -> None:
        """Gives the file its name."""
        self.path.replace(path)
        self._from.unlink(missing_ok=True)

    def is_in_place(self) -> bool:
        """Whether the file that is held is still the one at the path."""
        try:
            return os.path.samestat(os.fstat(self._file.fileno()), self.path.stat())
        except FileNotFoundError:
            return False

    def _read_from(self) -> str:
        try:
            return self._from.read_text(encoding="utf-8")
        except (FileNotFoundError, ValueError):
            return ""


@contextmanager
def open_part(path: Path) -> Iterator[Part]:
    """Holds a part while the block runs; it stays unless the block removes or names it.

    Args:
        path: Made when missing, with its folder.

    Raises:
        DownloadFailed: Another process holds it, or has just given it its name.
        OSError: The place cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    with path.open("r+b") as file:
        part = Part(path, file)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _held(path) from None
        if not part.is_in_place():
            raise _held(path)
        yield part


def _held(path: Path) -> DownloadFailed:
    return DownloadFailed(f"{path}: another process is downloading it")

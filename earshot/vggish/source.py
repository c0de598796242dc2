"""A file that goes into the bundle, and whether it is the published one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from earshot.vggish.published import PublishedFile


@dataclass(frozen=True, slots=True)
class Source:
    """A file, read once.

    Attributes:
        path: Where it lies.
        content: All of it.
        md5: Its checksum, in lower-case hex.
        published: What it should be.
    """

    path: Path
    content: memoryview
    md5: str
    published: PublishedFile

    @property
    def is_published(self) -> bool:
        """Whether it is the published file, byte for byte."""
        return self.md5 == self.published.md5


def read_source(path: Path, published: PublishedFile) -> Source:
    """Reads a file and takes its checksum.

    Raises:
        OSError: It cannot be read.
    """
    content = path.read_bytes()
    md5 = hashlib.md5(content, usedforsecurity=False).hexdigest()
    return Source(path, memoryview(content), md5, published)

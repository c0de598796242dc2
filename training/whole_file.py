"""A file that appears whole or not at all: written aside, then renamed into place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Gives a path beside `path`, to write; when the block succeeds, that file takes its place.

    When the block fails, also by Ctrl-C, what was written is removed and what was there before
    stays. Two writers of one path at a time are one too many.

    Args:
        path: The file; its folder must exist.

    Yields:
        A path in the same folder, where no file is yet.

    Raises:
        OSError: What the block wrote cannot be renamed.
    """
    aside = path.with_name(f".{path.name}.new")
    aside.unlink(missing_ok=True)  # left by a process that was killed
    try:
        yield aside
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)

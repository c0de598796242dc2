"""Writing a page or a table; refusing early where that cannot work."""

from __future__ import annotations

import tempfile
from pathlib import Path

from training.errors import BadInput
from training.whole_file import whole_file


def check_writable(path: Path) -> None:
    """Makes the folder that a file will lie in, and tries whether a file can be made there.

    Raises:
        BadInput: It cannot.
    """
    if path.is_dir():
        raise BadInput(f"{path}: is a folder; name a file")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path.parent).close()
    except OSError as error:
        raise _not_written(path, error) from None


def write_file(path: Path, text: str) -> None:
    """Writes a whole file, or leaves what was there.

    Raises:
        BadInput: It cannot be written.
    """
    try:
        with whole_file(path) as aside:
            aside.write_text(text, encoding="utf-8")
    except OSError as error:
        raise _not_written(path, error) from None


def _not_written(path: Path, error: OSError) -> BadInput:
    return BadInput(f"{path}: cannot be written ({error.strerror}: {error.filename})")

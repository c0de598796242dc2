"""Writing a file aside, then renaming it into place; refusing early where that cannot work."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from training.errors import BadInput


def check_writable(path: Path) -> None:
    """Makes the folder that a file will lie in, and tries whether a file can be made there.

    Raises:
        BadInput: It cannot.
    """
    if path.is_dir():
        raise BadInput(f"{path}: is a folder; name a file")
    aside = _aside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.touch()
        aside.unlink()
    except OSError as error:
        raise _not_written(path, error) from None


def write_file(path: Path, text: str) -> None:
    """Writes a whole file, or leaves what was there.

    Raises:
        BadInput: It cannot be written.
    """
    aside = _aside(path)
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            aside.unlink()
        raise _not_written(path, error) from None


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}.new")


def _not_written(path: Path, error: OSError) -> BadInput:
    return BadInput(f"{path}: cannot be written ({error.strerror}: {error.filename})")

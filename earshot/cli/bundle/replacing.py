"""Files and folders that appear whole or not at all: written aside, then renamed."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyThere(Exception):
    """Something is in the place; the message says what, and what can be done."""


def check_file(path: Path, is_forced: bool) -> None:
    """Raises AlreadyThere when a file may not be written; a folder never gives way."""
    _check_parents(path)
    if path.is_dir():
        raise AlreadyThere(f"{path} is a folder")
    if path.exists() and not is_forced:
        raise AlreadyThere(f"{path} exists; --force replaces it")


def check_folder(path: Path, is_forced: bool, is_ours: Callable[[Path], bool]) -> None:
    """Raises AlreadyThere when a folder may not be written; an empty one always gives way.

    Args:
        path: The folder.
        is_forced: Whether one of ours may be replaced.
        is_ours: Whether nothing is in a folder but what is made again.
    """
    _check_parents(path)
    if not path.exists():
        return
    if not path.is_dir():
        raise AlreadyThere(f"{path} is a file")
    if not any(path.iterdir()):
        return
    if not is_ours(path):
        raise AlreadyThere(f"{path} holds other files; choose another folder")
    if not is_forced:
        raise AlreadyThere(f"{path} exists; --force replaces it")


@contextmanager
def new_file(path: Path) -> Iterator[Path]:
    """Gives a name to write to, which becomes `path` when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = _aside(path)
    try:
        yield aside
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Gives an empty folder to fill, which becomes `path`, instead of what is there, at the end."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside, former = _aside(path), _aside(path)
    aside.mkdir()
    try:
        yield aside
        if path.exists():
            path.rename(former)
        aside.rename(path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
        shutil.rmtree(former, ignore_errors=True)


def _check_parents(path: Path) -> None:
    """What is missing is made, but only below a folder."""
    nearest = next(parent for parent in path.absolute().parents if parent.exists())
    if not nearest.is_dir():
        raise AlreadyThere(f"{nearest} is a file")


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")

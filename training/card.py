"""Writing a bundle: everything aside first, then renamed into place."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

AUDIOSET_SOURCE = {
    "name": "AudioSet, released features and labels",
    "licence": "CC BY 4.0",
    "attribution": (
        "Gemmeke et al., Audio Set: An ontology and human-labeled dataset for audio events, "
        "ICASSP 2017. Google, https://research.google.com/audioset/"
    ),
}


@contextmanager
def bundle_in_the_making(directory: Path) -> Iterator[Path]:
    """Gives an empty folder beside `directory` that takes its place when the block succeeds.

    When the block fails the folder is removed and what was there before stays. At every moment the
    old folder or the new one is whole: what a process that was killed moved aside, the next one
    puts back.

    Raises:
        OSError: A folder cannot be made or renamed.
    """
    aside, former = (directory.with_name(f".{directory.name}.{end}") for end in ("new", "old"))
    _put_back(former, directory)
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        yield aside
        if directory.exists():
            directory.rename(former)
        aside.rename(directory)
    finally:
        _put_back(former, directory)
        shutil.rmtree(aside, ignore_errors=True)


def _put_back(former: Path, directory: Path) -> None:
    """Gives the former folder its place again, unless there is a new one; then it is removed."""
    if former.exists() and not directory.exists():
        former.rename(directory)
    shutil.rmtree(former, ignore_errors=True)

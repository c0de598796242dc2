"""Writing a bundle: everything aside first, then one rename into place."""

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

    When the block fails the folder is removed and what was there before stays.
    """
    aside = directory.with_name(f".{directory.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        yield aside
        shutil.rmtree(directory, ignore_errors=True)
        aside.rename(directory)
    finally:
        shutil.rmtree(aside, ignore_errors=True)

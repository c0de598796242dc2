"""One published file, and one download of it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from earshot.cli.models.download import open_client
from earshot.cli.models.published_file import get_file
from earshot.vggish.published import PublishedFile

CONTENT = bytes(range(256)) * 800
FILE = PublishedFile("a.bin", hashlib.md5(CONTENT).hexdigest(), len(CONTENT))


class Run:
    """One download, with what it told."""

    def __init__(self, base_url: str, folder: Path) -> None:
        self.base_url, self.folder = base_url, folder
        self.told: list[tuple[int, int | None]] = []
        self.pauses: list[tuple[float, str]] = []
        self.part = folder / "a.bin.part"

    def __call__(self) -> Path:
        with open_client() as client:
            return get_file(
                client,
                self.base_url,
                FILE,
                self.folder,
                lambda *told: self.told.append(told),
                lambda *pause: self.pauses.append(pause),
            )

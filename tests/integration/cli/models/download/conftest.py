"""A mirror that has the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.cli.models.download.one_file import CONTENT, FILE, Run
from tests.integration.cli.models.mirror import Mirror


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[Mirror]:
    folder = tmp_path / "served"
    folder.mkdir()
    (folder / FILE.name).write_bytes(CONTENT)
    with Mirror(folder) as running:
        yield running


@pytest.fixture
def run(mirror: Mirror, tmp_path: Path) -> Run:
    return Run(mirror.url + "/", tmp_path / "models" / ".downloads")

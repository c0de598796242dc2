from __future__ import annotations

from collections.abc import Iterator

import pytest

from earshot.cli.supervisor.spec import ProcessSpec
from tests.unit.cli.supervisor.running import Running, Start


@pytest.fixture
def start() -> Iterator[Start]:
    running: list[Running] = []

    def run(*specs: ProcessSpec) -> Running:
        running.append(Running(*specs))
        return running[-1]

    yield run
    for each in running:
        each.end()

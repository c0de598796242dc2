"""A progress bar of bytes, with speed and time left, for people only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from earshot.cli.models.download import OnBytes


@contextmanager
def download_bar(name: str) -> Iterator[OnBytes]:
    """Shows a bar on standard error while the block runs, none unless that is a terminal."""
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )

    def on_bytes(num_there: int, total: int | None) -> None:
        if not bar.task_ids:
            # What was there before is no part of the speed.
            bar.add_task(name, completed=num_there, total=total)
        bar.update(bar.task_ids[0], completed=num_there, total=total)

    with bar:
        yield on_bytes

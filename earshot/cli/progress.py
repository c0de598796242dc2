"""A progress bar on standard error: for people, and only when something takes its time."""

from __future__ import annotations

import sys
import time

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

SHOWN_AFTER_S = 2.0


class FilesProgress:
    """How far a list of files is done. Shown after two seconds, gone at the end.

    Call `hide` before anything else is written to the terminal; the next step shows it again.

    Args:
        num_files: How many there are.
        is_wanted: False to show nothing; nothing is shown unless standard error is a terminal.
    """

    def __init__(self, num_files: int, is_wanted: bool = True) -> None:
        self._num_files = num_files
        self._is_wanted = is_wanted and sys.stderr.isatty()
        self._began_at_s = time.monotonic()
        self._num_done = 0
        self._is_shown = False
        self._bar, self._task = _bar(num_files)

    def step(self, name: str, share: float) -> None:
        """Shows that a share, 0 to 1, of the file in hand is done."""
        if not self._is_wanted or time.monotonic() - self._began_at_s < SHOWN_AFTER_S:
            return
        if not self._is_shown:
            self._bar.start()
            self._is_shown = True
        self._bar.update(self._task, description=name, completed=self._num_done + share)

    def file_done(self) -> None:
        """Goes on to the next file; after the last one, to the first again."""
        self._num_done = (self._num_done + 1) % self._num_files

    def hide(self) -> None:
        """Takes the bar off the terminal."""
        if self._is_shown:
            self._bar.stop()
            self._is_shown = False


def _bar(num_files: int) -> tuple[Progress, TaskID]:
    # The results may go to the same terminal or into a pipe: rich must not catch them.
    bar = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    return bar, bar.add_task("", total=num_files)

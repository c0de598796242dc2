"""A data folder in use: one supervisor at a time, and a file that says what runs there."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from earshot.cli.supervisor.errors import AlreadyRunning, SupervisorError

STATE_FILE = "up.json"
LOCK_FILE = "up.lock"


@contextmanager
def claimed(data_dir: Path) -> Iterator[None]:
    """Makes the folder if need be, and keeps every other supervisor off it meanwhile.

    Raises:
        AlreadyRunning: Another one works there.
        SupervisorError: The folder cannot be made or written to.
    """
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / LOCK_FILE).open("a+")
    except OSError as error:
        raise SupervisorError(f"{data_dir}: cannot be used ({error.strerror})") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                f"{data_dir}: earshot runs there already{_who(data_dir)}; "
                "stop it first, or choose another folder with --data-dir"
            ) from None
        yield


class StateFile:
    """`up.json`: where the system can be reached, and the process ids, for people and scripts.

    Args:
        data_dir: The folder it lies in.
        addresses: What stays the same: `redis_url`, `api_url`, `serving_target`.
    """

    def __init__(self, data_dir: Path, addresses: Mapping[str, str]) -> None:
        self._path = data_dir / STATE_FILE
        self._addresses = dict(addresses)

    def write(self, processes: Mapping[str, int]) -> None:
        """Replaces the file as a whole: whoever reads it sees the old or the new one."""
        state = {**self._addresses, "pid": os.getpid(), "processes": dict(processes)}
        unfinished = self._path.with_suffix(".json.new")
        unfinished.write_text(json.dumps(state, indent=2) + "\n")
        unfinished.replace(self._path)

    def remove(self) -> None:
        """Removes the file: nothing runs any more."""
        self._path.unlink(missing_ok=True)


def _who(data_dir: Path) -> str:
    try:
        return f" (process {json.loads((data_dir / STATE_FILE).read_text())['pid']})"
    except (OSError, ValueError, KeyError):
        return ""

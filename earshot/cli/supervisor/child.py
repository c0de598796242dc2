"""A running process and the one pipe that it writes to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

_TETHER = Path(__file__).with_name("tether.py")
_READ_BYTES = 65_536
_LONGEST_LINE_BYTES = 65_536  # what is longer is cut into lines, so that memory stays bounded
_LAST_LINES = 20


class Child:
    """One process in a group of its own, tied to the thread that made it.

    Its standard output and error are one pipe, read without waiting. Needs Linux 5.3.

    Args:
        command: Program and arguments.
        environment: All of its variables.

    Attributes:
        pid: Its process id, and that of its group.
        pipe: Descriptor that is readable when it has written something, and when it has ended.
        end: Descriptor that is readable once it has ended.
        last_plain_lines: The newest lines that are no JSON: what it says when it cannot start.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        tether = [sys.executable, "-I", "-S", str(_TETHER), str(os.getpid())]
        self._process = subprocess.Popen(
            [*tether, *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            process_group=0,
        )
        assert self._process.stdout is not None
        self.pid = self._process.pid
        self.pipe = self._process.stdout.fileno()
        self.end = os.pidfd_open(self.pid)
        os.set_blocking(self.pipe, False)
        self._unfinished = b""
        self.last_plain_lines: deque[str] = deque(maxlen=_LAST_LINES)

    def read_lines(self) -> list[str] | None:
        """Returns the lines of the next block that has arrived; None when no more will come.

        Raises:
            BlockingIOError: Nothing has arrived.
        """
        block = os.read(self.pipe, _READ_BYTES)
        if not block and not self._unfinished:
            return None
        *whole, self._unfinished = (self._unfinished + block).split(b"\n")
        if not block or len(self._unfinished) >= _LONGEST_LINE_BYTES:
            whole.append(self._unfinished)
            self._unfinished = b""
        lines = [line.decode(errors="backslashreplace") for line in whole]
        self.last_plain_lines.extend(line for line in lines if not line.startswith("{"))
        return lines

    def terminate(self) -> None:
        """Asks it to stop. Not to be called once it was reaped."""
        os.killpg(self.pid, signal.SIGTERM)

    def kill(self) -> None:
        """Ends it, and whatever it started, at once. Not to be called once it was reaped."""
        os.killpg(self.pid, signal.SIGKILL)

    def reap(self) -> int:
        """Waits for its end, and returns its exit code; negative: the signal that ended it."""
        assert self._process.stdout is not None
        exit_code = self._process.wait()
        self._process.stdout.close()
        os.close(self.end)
        return exit_code

"""Ties a process to its parent, then becomes the program it is given.

    python -I -S tether.py PARENT_PID PROGRAM [ARGUMENT...]

Linux then kills the process when its parent dies, however that dies; elsewhere it would live on.
It is a program of its own, because code between fork and exec is unsafe in a process with threads.
The parent is the thread that forked, so it has to live as long as the process should.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_EXIT_REFUSED = 2


def main() -> None:
    """Never returns."""
    parent_pid, *command = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != int(parent_pid):
        sys.exit("the parent died before the tie was made")
    try:
        os.execv(command[0], command)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        raise SystemExit(_EXIT_REFUSED) from None


if __name__ == "__main__":
    main()

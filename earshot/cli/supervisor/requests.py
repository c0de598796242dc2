"""What other threads and signal handlers ask of a supervisor's loop."""

from __future__ import annotations

import socket
from collections import deque
from contextlib import suppress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Run so many replicas."""

    name: str
    num_replicas: int


@dataclass(frozen=True, slots=True)
class Stop:
    """End; asked a second time, end at once."""


class Requests:
    """A queue whose reader sleeps in a selector.

    Adding is safe from threads and signal handlers.
    """

    def __init__(self) -> None:
        self._waiting: deque[Scale | Stop] = deque()
        self._ear, self._bell = socket.socketpair()
        self._ear.setblocking(False)
        self._bell.setblocking(False)

    def fileno(self) -> int:
        """Returns the descriptor that is readable while something waits."""
        return self._ear.fileno()

    def add(self, request: Scale | Stop) -> None:
        """Queues a request and wakes the reader up."""
        self._waiting.append(request)
        with suppress(OSError):  # it rings already, or nobody listens any more
            self._bell.send(b"!")

    def take(self) -> list[Scale | Stop]:
        """Returns what waits; never blocks."""
        with suppress(BlockingIOError):
            self._ear.recv(4096)
        taken = []
        while self._waiting:
            taken.append(self._waiting.popleft())
        return taken

    def close(self) -> None:
        """Closes the sockets; requests are still taken, and wait for ever."""
        self._ear.close()
        self._bell.close()

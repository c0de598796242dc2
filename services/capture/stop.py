"""How a process that plays is told to stop."""

from __future__ import annotations

import signal
from threading import Event
from types import FrameType
from typing import Protocol


class Stop(Protocol):
    """What is waited on between chunks; `threading.Event` is one."""

    def is_set(self) -> bool:
        """Whether it is time to stop."""

    def wait(self, timeout: float) -> bool:
        """Waits so many seconds at most; returns at once with True when told to stop."""


def stop_on_signals() -> Event:
    """Returns an event that SIGTERM and SIGINT set. A second signal ends the process at once."""
    stop = Event()

    def handle(number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        stop.set()

    signal.signal(signal.SIGTERM, handle)
    signal.signal(signal.SIGINT, handle)
    return stop

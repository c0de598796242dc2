"""Sleeps until a process has written something, or has ended, or somebody asks for something."""

from __future__ import annotations

import selectors
from collections.abc import Callable

from earshot.cli.supervisor.child import Child
from earshot.cli.supervisor.requests import Requests
from earshot.cli.supervisor.slot import Slot


class Watch:
    """Watches the processes of slots.

    Args:
        requests: What else to wake up for.
        on_line: Called with the name of a process and a line it has written.
    """

    def __init__(self, requests: Requests, on_line: Callable[[str, str], None]) -> None:
        self._on_line = on_line
        self._selector = selectors.DefaultSelector()
        self._selector.register(requests, selectors.EVENT_READ)

    def add(self, slot: Slot, child: Child) -> None:
        """Watches the process that was just started in a slot."""
        self._selector.register(child.pipe, selectors.EVENT_READ, slot)
        self._selector.register(child.end, selectors.EVENT_READ, slot)

    def wait(self, timeout_s: float | None) -> list[Slot]:
        """Passes on what has been written.

        Args:
            timeout_s: The longest sleep; None: until something happens.

        Returns:
            The slots whose process has ended, all of its lines passed on; it is to be reaped.
        """
        ended = []
        for key, _ in self._selector.select(timeout_s):
            slot = key.data
            if slot is None or slot.child is None or slot in ended:
                continue
            if key.fd == slot.child.end:
                self._finish(slot, slot.child)
                ended.append(slot)
            else:
                self._read(slot, slot.child)
        return ended

    def close(self) -> None:
        """Watches nothing any more."""
        self._selector.close()

    def _finish(self, slot: Slot, child: Child) -> None:
        child.kill()  # what it has started must not outlive it, and not hold the pipe open
        while self._read(slot, child):
            pass
        self._forget(child.pipe)
        self._forget(child.end)

    def _read(self, slot: Slot, child: Child) -> bool:
        """Passes on a block of lines; returns whether there may be more."""
        try:
            lines = child.read_lines()
        except BlockingIOError:
            return False
        if lines is None:
            self._forget(child.pipe)
            return False
        for line in lines:
            self._on_line(slot.name, line)
        return True

    def _forget(self, descriptor: int) -> None:
        if descriptor in self._selector.get_map():
            self._selector.unregister(descriptor)

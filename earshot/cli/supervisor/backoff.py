"""How long to wait before a process is started again."""

from __future__ import annotations

FIRST_S = 0.2
LONGEST_S = 5.0
STEADY_AFTER_S = 10.0  # a process that ran so long has not failed to start


class Backoff:
    """0.2 s after the first end, twice as long after each further one, up to 5 s."""

    def __init__(self) -> None:
        self._next_s = FIRST_S

    def wait_s(self, ran_s: float) -> float:
        """Returns the wait after a process that ran so long; short again after a steady one."""
        if ran_s >= STEADY_AFTER_S:
            self._next_s = FIRST_S
        wait_s = self._next_s
        self._next_s = min(2 * wait_s, LONGEST_S)
        return wait_s

"""Waiting between tries: longer each time, never in step with others, over at once on a stop."""

from __future__ import annotations

import random
from threading import Event

FIRST_S = 0.05
LONGEST_S = 2.0


class Pause:
    """Full-jitter exponential back-off (Brooker, AWS architecture blog, 2015)."""

    def __init__(self, stop: Event) -> None:
        self._stop = stop
        self._next_s = FIRST_S

    def wait(self) -> None:
        """Waits between half of the current length and all of it; returns early on a stop."""
        self._stop.wait(self._next_s * random.uniform(0.5, 1.0))
        self._next_s = min(self._next_s * 2, LONGEST_S)

    def reset(self) -> None:
        """Starts short again, after a success."""
        self._next_s = FIRST_S

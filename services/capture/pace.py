"""When a chunk is due: in real time, so many times faster, or at once."""

from __future__ import annotations

import time
from collections.abc import Callable

from earshot.audio.params import SAMPLE_RATE_HZ
from services.capture.stop import Stop


class Pace:
    """Holds each chunk back until its last sample would have been heard.

    Waits are counted from the first chunk, so that delays do not add up: after one, chunks are
    due at once until the pace is met again.

    Args:
        speed: 1 for real time, 2 for twice as fast; None for as fast as chunks are taken.
        stop: Ends each wait.
        clock: Seconds that never go back.
    """

    def __init__(
        self, speed: float | None, stop: Stop, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._speed = speed
        self._stop = stop
        self._clock = clock
        self._started_s = clock()

    def wait(self, num_samples: int) -> bool:
        """Waits until so many samples at 16 kHz have been heard; False when told to stop."""
        if self._speed is None:
            return not self._stop.is_set()
        due_s = self._started_s + num_samples / SAMPLE_RATE_HZ / self._speed
        return not self._stop.wait(max(0.0, due_s - self._clock()))

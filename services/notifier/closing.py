"""Which sessions are silent for so long that their source must be gone, by the clock on the wall.

Time counts from the last message that was taken in, and anew from each start of the work on the
partition: after another notifier's death, or an outage of the broker or the database. Nothing tells
for how long a source had been gone by then, and clocks of devices are not compared with ours. It
ends no session of which something may be on its way: see `services.notifier.passage`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from itertools import takewhile

from earshot.store.ledger import Ledger
from earshot.store.progress import SessionKey, Step
from services.notifier.passage import Passage


class Closing:
    """Watches the open sessions of one partition.

    Args:
        ledger: Knows which sessions are open.
        passage: Of the partition.
        close_after_s: How long a session may go without a message.
        clock: Seconds that never go back.
    """

    def __init__(
        self,
        ledger: Ledger,
        passage: Passage,
        close_after_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._ledger, self._passage = ledger, passage
        self._close_after_s, self._clock = close_after_s, clock
        self._heard_at_s: dict[SessionKey, float] = {}  # the latest last
        self._waiting: dict[SessionKey, float] = {}  # for the passage to be over

    def start(self) -> None:
        """Begins to watch what is open, as if all of it had been heard just now.

        Raises:
            StoreUnavailable: The database does not answer.
        """
        self._waiting.clear()
        self._heard_at_s = dict.fromkeys(self._ledger.open_sessions(), self._clock())

    def committed(self, steps: Sequence[Step]) -> None:
        """Takes note of what was heard, and of what is no longer open."""
        now_s = self._clock()
        for step in steps:
            self._heard_at_s.pop(step.key, None)
            if step.progress.listening is not None:
                self._heard_at_s[step.key] = now_s

    def due(self) -> list[SessionKey]:
        """Returns the sessions that are to be closed now, each once; call it now and then.

        Raises:
            BrokerAway: The broker does not answer.
        """
        if not self._waiting:
            self._waiting = self._silent()
            if not self._waiting:
                return []
            self._passage.begin()
        if not self._passage.is_over():
            return []
        waiting, self._waiting = self._waiting, {}
        due = [key for key, at_s in waiting.items() if self._heard_at_s.get(key) == at_s]
        for key in due:
            del self._heard_at_s[key]
        return due

    def _silent(self) -> dict[SessionKey, float]:
        since_s = self._clock() - self._close_after_s
        return dict(takewhile(lambda heard: heard[1] <= since_s, self._heard_at_s.items()))

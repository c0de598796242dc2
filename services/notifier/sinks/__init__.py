"""Where revisions go besides the events stream: one file and one line in `SINKS` for each sink."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from earshot.events.event import SoundEvent
from services.notifier.sinks.log import LogSink


class Sink(Protocol):
    """A receiver of revisions."""

    def send(self, event: SoundEvent) -> None:
        """Takes one committed revision.

        Called from the threads of all partitions, after the commit, in the order of the
        partition's positions. It must neither wait nor raise. A process killed right after the
        commit does not call it again.
        """


SINKS: dict[str, Callable[[], Sink]] = {"log": LogSink}
"""Every sink by name, and what makes it."""

"""Follows a running system from outside: its events stream, and whether it has work left."""

from __future__ import annotations

import time
from typing import Any

from earshot.cli.demonstration.heard import Heard
from earshot.streams.errors import BrokerAway
from earshot.streams.port import Reader, Stage, Streams
from earshot.streams.topic import Topic
from earshot.topics import AUDIO, EMBEDDINGS, EVENTS, PREDICTIONS

GROUP = "demo"
READ_WAIT_S = 0.1


class Follower:
    """Reads every revision once, as any consumer of the events stream would.

    Args:
        streams: Of the system, whose broker answers or will.
    """

    def __init__(self, streams: Streams) -> None:
        self._streams = streams
        self._reader: Reader = streams.reader(Stage(EVENTS, GROUP), 0, "demo")

    def read(self) -> list[Heard]:
        """Returns new revisions; waits a little for the first."""
        try:
            deliveries = self._reader.read(256, READ_WAIT_S)
            self._reader.acknowledge([delivery.entry_id for delivery in deliveries])
        except BrokerAway:
            time.sleep(READ_WAIT_S)
            return []
        entries = [delivery.entry for delivery in deliveries if delivery.entry]
        return [Heard.of(EVENTS.decode(entry)) for entry in entries]

    def is_idle(self) -> bool:
        """Returns whether everything that was appended has been worked off.

        Asked in the order a sound travels, so nothing can slip through behind the question.
        """
        try:
            return all(self._is_worked_off(topic) for topic in (AUDIO, EMBEDDINGS, PREDICTIONS))
        except BrokerAway:
            return False

    def _is_worked_off(self, topic: Topic[Any]) -> bool:
        backlogs = (
            self._streams.backlog(topic, partition, topic.owner)
            for partition in range(self._streams.partitions)
        )
        return all(backlog.unread == backlog.pending == 0 for backlog in backlogs)

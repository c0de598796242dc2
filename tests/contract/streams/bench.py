"""A source and a target stream, and short words for what the contract tests do with them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

from earshot.streams.entry import Delivery, Entry
from earshot.streams.port import Reader, Stage, Streams
from earshot.streams.topic import Topic


def _same(entry: Entry) -> Entry:
    return entry


def topic(name: str, **values: Any) -> Topic[Entry]:
    return Topic(name, _same, _same, **values)


SOURCE = topic("source", owner="stage", budget_share=0.5)
TARGET = topic("target", owner="next", carries_context=True, budget_share=0.5)
FEED = topic("feed", partitioned=False)
STAGE = Stage(SOURCE, "stage", TARGET)


@dataclass
class Bench:
    """A source and a target stream, and short words for what tests do with them."""

    streams: Streams

    def __post_init__(self) -> None:
        self.reader = self.streams.reader(STAGE, 0, "one")
        self.reader.join()
        self.next = self.streams.reader(Stage(TARGET, "next"), 0, "two")
        self.next.join()
        self._sequences = count()

    def add(self, *bodies: bytes, device: str = "d", **values: Any) -> None:
        """Appends bodies as the next entries of one session."""
        for body in bodies:
            entry = Entry(device, "s", next(self._sequences), body=body, **values)
            assert self.streams.append(SOURCE, entry).answer.value == "OK"

    def out(self) -> list[Entry]:
        """What has arrived in the target since the last call."""
        return [d.entry for d in self.next.read(1000, 0) if d.entry]

    def hand_off(self, reader: Reader, deliveries: list[Delivery]) -> list[str]:
        """Hands entries on as they are; returns the outcomes' names."""
        results = [(d.entry_id, d.entry) for d in deliveries if d.entry]
        return [outcome.value for outcome in reader.hand_off(results)]

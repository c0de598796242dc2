from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from earshot.cli.progress import FilesProgress
from earshot.cli.watched_append import WatchedAppend
from earshot.contracts.messages import AudioChunk, Header
from earshot.streams.errors import BrokerAway
from earshot.streams.port import Answer, Appended


@dataclass
class Topic:
    """Answers as it is told."""

    answers: list[Answer | None] = field(default_factory=list)

    def append(self, _: AudioChunk) -> Appended:
        answer = self.answers.pop(0)
        if answer is None:
            raise BrokerAway("it does not answer")
        return Appended(answer, 1)


class Steps(FilesProgress):
    """Remembers what it was told."""

    def __init__(self) -> None:
        super().__init__(1, is_wanted=False)
        self.steps: list[tuple[str, float]] = []

    def step(self, name: str, share: float) -> None:
        self.steps.append((name, share))


def chunk(first_sample: int) -> AudioChunk:
    return AudioChunk(Header("d", "s", 0, first_sample), np.zeros(16_000, np.int16))


def test_the_bar_shows_how_far_it_is_and_what_holds_it_up() -> None:
    bar = Steps()
    append = WatchedAppend(Topic([Answer.OK, Answer.FULL, Answer.OK]).append, bar)
    append.begin("a.wav", 3.5)
    for first_sample in (0, 16_000, 48_000):
        append(chunk(first_sample))
    assert bar.steps == [("a.wav", 2 / 7), ("a.wav (system busy)", 4 / 7), ("a.wav", 1.0)]


def test_an_absent_broker_is_remarked_on_once_each_time(capsys: pytest.CaptureFixture[str]) -> None:
    append = WatchedAppend(Topic([None, None, Answer.OK, None]).append, Steps())
    for _ in range(4):
        try:
            append(chunk(0))
        except BrokerAway:
            continue
    assert capsys.readouterr().err == 2 * "earshot: waiting for the broker: it does not answer\n"

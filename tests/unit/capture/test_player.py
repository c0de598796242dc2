from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from earshot.contracts.messages import AudioChunk, Flags
from services.capture.errors import RecordingError
from services.capture.metrics import CaptureMetrics
from services.capture.pace import Pace
from services.capture.player import has_ended, play
from services.capture.sender import Sender
from tests.unit.capture.conftest import AudioTopic, FakeTime


@pytest.fixture
def sender(topic: AudioTopic, fake_time: FakeTime, metrics: CaptureMetrics) -> Sender:
    return Sender(topic.append, lambda: "NEW", fake_time, metrics)


def test_a_chunk_is_sent_when_its_last_sample_has_been_heard(
    sender: Sender, fake_time: FakeTime, session_chunks: list[AudioChunk]
) -> None:
    sent_s = []

    def noted() -> Iterator[AudioChunk]:
        for chunk in session_chunks:
            yield chunk
            sent_s.append(fake_time.now_s - 100)

    last = play(noted(), sender, Pace(1.0, fake_time, fake_time))
    assert last is session_chunks[-1]
    assert sent_s == pytest.approx([0.975, 1.935, 2.895, 3.855, 4.815, 5.0])


def test_a_stop_ends_the_session_after_the_chunk_in_hand(
    sender: Sender, topic: AudioTopic, fake_time: FakeTime, session_chunks: list[AudioChunk]
) -> None:
    fake_time.on_wait = lambda: fake_time.stop() if len(fake_time.waits_s) == 3 else None
    last = play(session_chunks, sender, Pace(1.0, fake_time, fake_time))
    assert last is session_chunks[1]
    assert not has_ended(last)
    headers = [chunk.header for chunk in topic.chunks()]
    assert [header.sequence for header in headers] == [0, 1, 2]
    assert [has_ended(chunk) for chunk in topic.chunks()] == [False, False, True]
    assert headers[-1].first_sample == 15_360 + 15_600


def test_a_stop_before_the_first_chunk_sends_nothing(
    sender: Sender, topic: AudioTopic, fake_time: FakeTime, session_chunks: list[AudioChunk]
) -> None:
    fake_time.stop()
    assert play(session_chunks, sender, Pace(1.0, fake_time, fake_time)) is None
    assert topic.chunks() == []


def test_damage_in_the_middle_ends_the_session_and_is_reported(
    sender: Sender, topic: AudioTopic, fake_time: FakeTime, session_chunks: list[AudioChunk]
) -> None:
    def torn() -> Iterator[AudioChunk]:
        yield from session_chunks[:2]
        raise RecordingError(Path("torn.flac"), "damaged")

    with pytest.raises(RecordingError, match=r"torn\.flac: damaged"):
        play(torn(), sender, Pace(None, fake_time, fake_time))
    assert [chunk.header.flags for chunk in topic.chunks()][-1] is Flags.END_OF_SESSION
    assert len(topic.chunks()) == 3

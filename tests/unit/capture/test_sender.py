from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from prometheus_client import CollectorRegistry

from earshot.contracts.messages import AudioChunk, Flags
from earshot.streams.errors import BrokerAway, BrokerRefused
from earshot.streams.memory_streams import MemoryStreams
from earshot.streams.policy import Policy
from earshot.streams.port import Appended
from services.capture.append import Append
from services.capture.metrics import CaptureMetrics
from services.capture.sender import Sender
from tests.unit.capture.conftest import AudioTopic, FakeTime

NEW_ID = "01BX5ZZKBKACTAV9WEVGEMMVRZ"


@pytest.fixture
def sender_to(fake_time: FakeTime, metrics: CaptureMetrics) -> Callable[[Append], Sender]:
    return lambda append: Sender(append, lambda: NEW_ID, fake_time, metrics)


SenderTo = Callable[[Append], Sender]


def tight_topic(num_chunks: int) -> AudioTopic:
    """Has room for so many chunks of patient senders."""
    share = 0.8
    budget_bytes = int(2 * num_chunks * 31_500 / share)
    return AudioTopic(MemoryStreams(Policy(partitions=1, budget_bytes=budget_bytes)))


def seconds(registry: CollectorRegistry, name: str, **labels: str) -> float:
    return registry.get_sample_value(f"earshot_capture_{name}_seconds_total", labels) or 0.0


def test_every_chunk_arrives_once_in_order_and_unchanged(
    sender_to: SenderTo, topic: AudioTopic, session_chunks: list[AudioChunk]
) -> None:
    sender = sender_to(topic.append)
    assert all(sender.send(chunk) for chunk in session_chunks)
    arrived = topic.chunks()
    assert [chunk.header for chunk in arrived] == [chunk.header for chunk in session_chunks]
    assert all(np.array_equal(a.pcm, b.pcm) for a, b in zip(arrived, session_chunks, strict=True))


def test_a_full_topic_is_waited_for_ever_longer(
    sender_to: SenderTo,
    fake_time: FakeTime,
    session_chunks: list[AudioChunk],
    registry: CollectorRegistry,
) -> None:
    topic = tight_topic(1)
    sender = sender_to(topic.append)
    sender.send(session_chunks[0])
    fake_time.on_wait = lambda: topic.take() if len(fake_time.waits_s) == 8 else None
    assert sender.send(session_chunks[1])
    assert fake_time.waits_s == [0.01, 0.02, 0.04, 0.08, 0.16, 0.25, 0.25, 0.25]
    assert [chunk.header.sequence for chunk in topic.chunks()] == [1]
    assert seconds(registry, "held", reason="full") == pytest.approx(sum(fake_time.waits_s))


def test_a_stop_ends_the_wait_for_room_and_nothing_is_sent(
    sender_to: SenderTo, fake_time: FakeTime, session_chunks: list[AudioChunk]
) -> None:
    topic = tight_topic(1)
    sender = sender_to(topic.append)
    sender.send(session_chunks[0])
    fake_time.on_wait = fake_time.stop
    assert not sender.send(session_chunks[1])
    assert len(topic.chunks()) == 1


def test_the_end_of_a_session_has_room_where_chunks_have_none(
    sender_to: SenderTo, fake_time: FakeTime, session_chunks: list[AudioChunk]
) -> None:
    topic = tight_topic(1)
    sender = sender_to(topic.append)
    sender.send(session_chunks[0])
    fake_time.stop()
    assert not sender.send(session_chunks[1])
    assert sender.send(session_chunks[-1])
    assert topic.chunks()[-1].header.flags is Flags.END_OF_SESSION
    assert topic.chunks()[-1].header.sequence == 1


def test_a_lost_reply_does_not_add_a_chunk_twice(
    sender_to: SenderTo,
    topic: AudioTopic,
    fake_time: FakeTime,
    session_chunks: list[AudioChunk],
    registry: CollectorRegistry,
) -> None:
    def append(chunk: AudioChunk) -> Appended:
        appended = topic.append(chunk)
        if chunk.header.sequence == 1 and not fake_time.waits_s:
            raise BrokerAway("the reply was lost")
        return appended

    sender = sender_to(append)
    assert all(sender.send(chunk) for chunk in session_chunks)
    assert [chunk.header.sequence for chunk in topic.chunks()] == [0, 1, 2, 3, 4, 5]
    assert fake_time.waits_s == [0.01]
    assert seconds(registry, "held", reason="away") == 0.01


def test_a_broker_that_refuses_is_not_asked_again(
    sender_to: SenderTo, fake_time: FakeTime, session_chunks: list[AudioChunk]
) -> None:
    def append(_: AudioChunk) -> Appended:
        raise BrokerRefused("no permission")

    with pytest.raises(BrokerRefused):
        sender_to(append).send(session_chunks[0])
    assert fake_time.waits_s == []


def test_a_broker_that_lost_the_last_chunks_is_told_of_the_gap(
    sender_to: SenderTo, session_chunks: list[AudioChunk], registry: CollectorRegistry
) -> None:
    restored, topics = AudioTopic(), [AudioTopic()]
    restored.append(session_chunks[0])
    sender = sender_to(lambda chunk: topics[-1].append(chunk))
    for chunk in session_chunks[:3]:
        sender.send(chunk)
    topics.append(restored)
    assert all(sender.send(chunk) for chunk in session_chunks[3:])
    arrived = [chunk.header for chunk in restored.chunks()]
    assert [header.sequence for header in arrived] == [0, 1, 2, 3]
    assert [header.first_sample for header in arrived] == [0, 3 * 15_360, 4 * 15_360, 80_000]
    assert [header.gap_before_samples for header in arrived] == [0, 2 * 15_360, 0, 0]
    assert (arrived[1].flags, arrived[1].gap_reason) == (Flags.GAP, "broker_loss")
    assert seconds(registry, "lost", reason="broker_loss") == 2 * 0.96


def test_a_broker_that_knows_nothing_gets_a_new_session_from_there(
    sender_to: SenderTo, session_chunks: list[AudioChunk]
) -> None:
    topics = [AudioTopic()]
    sender = sender_to(lambda chunk: topics[-1].append(chunk))
    for chunk in session_chunks[:3]:
        sender.send(chunk)
    topics.append(AudioTopic())
    assert all(sender.send(chunk) for chunk in session_chunks[3:])
    arrived = [chunk.header for chunk in topics[-1].chunks()]
    assert {header.session_id for header in arrived} == {NEW_ID}
    assert [header.sequence for header in arrived] == [0, 1, 2]
    assert [header.first_sample for header in arrived] == [0, 15_360, 80_000 - 3 * 15_360]
    kept_times_ns = [chunk.header.captured_at_ns for chunk in session_chunks[3:]]
    assert [header.captured_at_ns for header in arrived] == kept_times_ns


def test_the_end_of_a_forgotten_session_is_not_sent(
    sender_to: SenderTo, session_chunks: list[AudioChunk]
) -> None:
    topics = [AudioTopic()]
    sender = sender_to(lambda chunk: topics[-1].append(chunk))
    for chunk in session_chunks[:-1]:
        sender.send(chunk)
    topics.append(AudioTopic())
    assert sender.send(session_chunks[-1])
    assert topics[-1].chunks() == []


def test_what_was_sent_is_counted_in_seconds(
    sender_to: SenderTo,
    topic: AudioTopic,
    session_chunks: list[AudioChunk],
    registry: CollectorRegistry,
) -> None:
    sender = sender_to(topic.append)
    for chunk in session_chunks:
        sender.send(chunk)
    assert seconds(registry, "heard") == pytest.approx(5 * 0.96)
    assert seconds(registry, "silent") == 0

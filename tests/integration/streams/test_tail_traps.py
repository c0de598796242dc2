"""What only the real broker does to a stream that is read without a group."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from earshot.embedded_broker import EmbeddedBroker
from earshot.streams.entry import Entry
from earshot.streams.entry_id import BEGINNING, EntryId
from earshot.streams.errors import BrokerRefused
from earshot.streams.port import Continuity
from earshot.streams.redis_streams import RedisStreams
from earshot.streams.topic import Keys
from tests.integration.streams.stage import topic_of

TOPIC = topic_of("a", "first")


@pytest.fixture
def client(broker: EmbeddedBroker) -> Iterator[redis.Redis]:
    connection = redis.Redis.from_url(broker.url)
    yield connection
    connection.close()


def ids_of(streams: RedisStreams) -> list[EntryId]:
    for sequence in range(3):
        streams.append(TOPIC, Entry("d", "s", sequence, body=b"x"))
    found = streams.tail(TOPIC, 0).read_after(BEGINNING, 10, 0)
    return [EntryId.parse(delivery.entry_id) for delivery in found]


def test_an_entry_that_a_person_deleted_is_missing(
    redis_streams: RedisStreams, client: redis.Redis
) -> None:
    first, second, third = ids_of(redis_streams)
    stream = Keys.of(TOPIC, 0, redis_streams.policy.key_prefix).stream
    client.xdel(stream, str(second))
    extent = redis_streams.tail(TOPIC, 0).extent()
    assert extent.newest == third
    assert extent.continuity(first) is Continuity.TRIMMED
    assert extent.continuity(second) is Continuity.WHOLE


def test_a_key_that_is_no_stream_is_refused(
    redis_streams: RedisStreams, client: redis.Redis
) -> None:
    client.set(Keys.of(TOPIC, 0, redis_streams.policy.key_prefix).stream, "text")
    tail = redis_streams.tail(TOPIC, 0)
    with pytest.raises(BrokerRefused, match="WRONGTYPE"):
        tail.extent()
    with pytest.raises(BrokerRefused, match="WRONGTYPE"):
        tail.read_after(BEGINNING, 10, 0)

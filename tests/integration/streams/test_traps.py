"""Traps of the broker that only the real one has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import redis

from earshot.embedded_broker import EmbeddedBroker
from earshot.streams.entry import Entry
from earshot.streams.port import Stage
from earshot.streams.redis_reader import RedisReader
from earshot.streams.redis_streams import RedisStreams
from earshot.streams.topic import Keys
from tests.integration.streams.stage import topic_of

STAGE = Stage(topic_of("a", "first"), "first", topic_of("b"))


@pytest.fixture
def client(broker: EmbeddedBroker) -> Iterator[redis.Redis]:
    connection = redis.Redis.from_url(broker.url)
    yield connection
    connection.close()


@pytest.fixture
def keys(redis_streams: RedisStreams) -> Keys:
    return Keys.of(STAGE.source, 0, redis_streams.policy.key_prefix)


@pytest.fixture
def reader(redis_streams: RedisStreams) -> RedisReader:
    joined = redis_streams.reader(STAGE, 0, "one")
    joined.join()
    return joined


def add(streams: RedisStreams, count: int) -> None:
    for sequence in range(count):
        flags = frozenset({"end_of_session"}) if sequence == count - 1 else frozenset[str]()
        streams.append(STAGE.source, Entry("d", "s", sequence, flags, b"x"))


def test_an_idle_entry_behind_many_busy_ones_is_found(
    redis_streams: RedisStreams, reader: RedisReader, client: redis.Redis, keys: Keys
) -> None:
    """XAUTOCLAIM looks at ten entries per claimed one and then answers with nothing."""
    add(redis_streams, 60)
    last = reader.read(60, 0)[-1].entry_id
    client.xclaim(keys.stream, "first", "one", 0, [last], idle=600_000)
    claimed, _ = reader.claim(300, 1)
    assert [delivery.entry_id for delivery in claimed] == [last]


def test_backlog_is_not_zero_when_the_broker_cannot_count_the_lag(
    redis_streams: RedisStreams, reader: RedisReader, client: redis.Redis, keys: Keys
) -> None:
    add(redis_streams, 5)
    reader.read(1, 0)
    deleted = client.xrange(keys.stream)[2][0]
    client.xdel(keys.stream, deleted)
    (group,) = client.xinfo_groups(keys.stream)
    assert group["lag"] is None
    assert redis_streams.backlog(STAGE.source, 0, "first").unread >= 1


def test_a_states_life_is_long_and_short_once_the_session_has_ended(
    redis_streams: RedisStreams, reader: RedisReader, client: redis.Redis, keys: Keys
) -> None:
    add(redis_streams, 2)
    first, last = reader.read(2, 0)
    state = keys.state("first", "d", "s")
    policy = redis_streams.policy
    assert first.entry is not None
    assert last.entry is not None
    reader.hand_off([(first.entry_id, first.entry)])
    assert policy.ended_ttl_s < client.ttl(state) <= policy.state_ttl_s
    reader.hand_off([(last.entry_id, last.entry)])
    assert 0 < client.ttl(state) <= policy.ended_ttl_s
    assert 0 < client.ttl(keys.last("d", "s")) <= policy.ended_ttl_s


def test_the_delivery_counter_of_the_broker_is_not_taken_for_attempts(
    redis_streams: RedisStreams, reader: RedisReader
) -> None:
    add(redis_streams, 1)
    (delivery,) = reader.read(1, 0)
    for _ in range(5):
        reader.claim(0, 1)
    assert reader.begin_attempt(delivery.entry_id) == 1


def test_scripts_that_the_broker_forgot_are_loaded_again(
    redis_streams: RedisStreams, reader: RedisReader, client: redis.Redis
) -> None:
    add(redis_streams, 2)
    deliveries = reader.read(2, 0)
    client.script_flush()
    results = [(each.entry_id, each.entry) for each in deliveries if each.entry]
    assert [outcome.value for outcome in reader.hand_off(results)] == ["DONE", "DONE"]


def test_what_failed_half_way_is_not_published_twice(
    redis_streams: RedisStreams, reader: RedisReader, client: redis.Redis, keys: Keys
) -> None:
    """The state is written after each entry, so an error after the first adds it only once."""
    add(redis_streams, 3)
    zero, one, two = reader.read(3, 0)
    results = {each.entry_id: each.entry for each in (zero, one, two) if each.entry}
    reader.hand_off([(two.entry_id, results[two.entry_id]), (one.entry_id, results[one.entry_id])])
    state = keys.state("first", "d", "s")
    packed = client.hget(state, "p2")
    assert packed is not None
    client.hset(state, "p2", "not what we wrote")
    with pytest.raises(Exception, match="refused"):
        reader.hand_off([(zero.entry_id, results[zero.entry_id])])
    client.hset(state, "p2", packed)
    reader.hand_off([(zero.entry_id, results[zero.entry_id])])
    reader.tend()
    ledger = redis_streams.reader(Stage(topic_of("b"), "ledger"), 0, "l")
    ledger.join()
    sequences = [each.entry.sequence for each in ledger.read(10, 0) if each.entry]
    assert sequences == [0, 1, 2]

"""The adapters that must all pass the one suite."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from earshot.embedded_broker import EmbeddedBroker
from earshot.streams.memory_streams import MemoryStreams
from earshot.streams.policy import Policy
from earshot.streams.port import Streams
from earshot.streams.redis_streams import RedisStreams
from tests.contract.streams.bench import Bench


@pytest.fixture(scope="session")
def debian_redis(
    tmp_path_factory: pytest.TempPathFactory, redis_server: str
) -> Iterator[EmbeddedBroker]:
    running = EmbeddedBroker(tmp_path_factory.mktemp("redis"), binary=redis_server)
    yield running
    running.stop()


@pytest.fixture(params=["memory", "valkey", "redis-7.0"])
def streams(request: pytest.FixtureRequest, policy: Policy) -> Iterator[Streams]:
    if request.param == "memory":
        yield MemoryStreams(policy, clock=time.time)
        return
    fixture = {"valkey": "broker", "redis-7.0": "debian_redis"}[request.param]
    adapter = RedisStreams(request.getfixturevalue(fixture).url, policy)
    yield adapter
    adapter.close()


@pytest.fixture
def bench(streams: Streams) -> Bench:
    return Bench(streams)

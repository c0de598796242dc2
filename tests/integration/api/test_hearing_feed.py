"""What is heard now as server-sent events: coalesced, bounded, and over when its time has come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from earshot.embedded_broker import EmbeddedBroker
from earshot.streams.redis_streams import RedisStreams
from tests.integration.api.hearing_bench import CLASSES, Device, Server, serving, write_bundle
from tests.integration.api.live_feed import Client, wait_until

Listen = Callable[..., Client]


@pytest.fixture
def labels_file(tmp_path: Path) -> Path:
    return write_bundle(tmp_path / "models", *CLASSES)


@pytest.fixture
def device(redis_streams: RedisStreams, engine: Engine, labels_file: Path) -> Device:
    return Device(redis_streams, engine, labels_file)


@pytest.fixture
def listen() -> Iterator[Listen]:
    with ExitStack() as stack:

        def make(server: Server, query: str = "") -> Client:
            url = f"{server.url}/v1/hearing{query}"
            client = Client(url, {"Accept": "text/event-stream"})
            stack.callback(client.close)
            return client

        yield make


def told(client: Client, device_id: str = "kitchen") -> list[dict[str, Any]]:
    """What it was told of a device, message by message."""
    messages = client.events("hearing")
    return [each.data for each in messages if each.data["device_id"] == device_id]


def wait_for_class(client: Client, name: str, device_id: str = "kitchen") -> None:
    def is_told() -> bool:
        messages = told(client, device_id)
        return bool(messages) and messages[-1]["top"][0]["class_name"] == name

    wait_until(is_told, f"{name}: {client.messages}")


def test_each_client_is_told_what_changes(
    engine: Engine,
    redis_streams: RedisStreams,
    labels_file: Path,
    device: Device,
    listen: Listen,
) -> None:
    with serving(engine, redis_streams, labels_file.parents[3]) as server:
        clients = [listen(server), listen(server, "?device=kitchen")]
        other = listen(server, "?device=hall")
        device.hear(Dog=0.75)
        for client in clients:
            wait_for_class(client, "Dog")
        device.hear(Siren=0.75)
        for client in clients:
            wait_for_class(client, "Siren")
            wait_until(lambda c=client: told(c)[-1]["note"] == "", "the commit")
            assert told(client)[-1] == server.device()
            last = client.events("last")[-1].data
            assert [each["top"][0]["class_name"] for each in last] == ["Siren", "Dog"]
        Device(redis_streams, engine, labels_file, "hall").hear(Speech=0.75)
        wait_for_class(other, "Speech", "hall")
        assert told(other) == []
        assert clients[0].response is not None
        headers = clients[0].response.headers
        assert headers["content-type"] == "text/event-stream; charset=utf-8"


def test_a_burst_becomes_one_message_a_second(
    engine: Engine,
    redis_streams: RedisStreams,
    labels_file: Path,
    device: Device,
    listen: Listen,
) -> None:
    with serving(engine, redis_streams, labels_file.parents[3]) as server:
        began_s = time.monotonic()
        client = listen(server)
        for count in range(60):
            device.append(Dog=count / 64)
        device.append(Speech=0.75)
        wait_for_class(client, "Speech")
        # Not a bound on speed: more time allows more messages.
        assert len(told(client)) <= time.monotonic() - began_s + 1


def test_a_quiet_feed_has_heartbeats_and_keeps_following(
    engine: Engine, redis_streams: RedisStreams, labels_file: Path, listen: Listen
) -> None:
    models_dir = labels_file.parents[3]
    with serving(engine, redis_streams, models_dir, heartbeat_s=0.1, idle_s=3.0) as server:
        client = listen(server)
        wait_until(lambda: client.num_comments >= 4, "heartbeats")
        assert server.metric("following") == 1
        assert client.events("hearing") == []
        client.close()
        wait_until(lambda: server.metric("clients") == 0, "its leave")
        wait_until(lambda: server.metric("following") == 0, "the end of following")


def test_one_client_too_many_is_told_to_come_back(
    engine: Engine, redis_streams: RedisStreams, labels_file: Path, listen: Listen
) -> None:
    with serving(engine, redis_streams, labels_file.parents[3], max_clients=1) as server:
        client = listen(server)
        wait_until(lambda: server.metric("clients") == 1, "the first")
        refused = server.get(Accept="text/event-stream")
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "5"
        assert "EARSHOT_API_STREAM_CLIENTS" in refused.json()["detail"]
        assert server.get().status_code == 200
        client.close()
        wait_until(lambda: server.metric("clients") == 0, "room")


def test_an_outage_of_the_broker_is_told_once_and_its_end(
    own_broker: EmbeddedBroker,
    redis_streams: RedisStreams,
    engine: Engine,
    labels_file: Path,
    listen: Listen,
) -> None:
    streams = RedisStreams(own_broker.url, redis_streams.policy)
    try:
        with serving(engine, streams, labels_file.parents[3]) as server:
            client = listen(server)
            wait_until(lambda: server.metric("following") == 1, "a beginning")
            own_broker.kill()
            wait_until(lambda: len(client.events("status")) == 1, "away")
            own_broker.start()
            wait_until(lambda: len(client.events("status")) == 2, "back")
            assert [each.data["broker"] for each in client.events("status")] == ["away", "back"]
            Device(streams, engine, labels_file).hear(Dog=0.75)
            wait_for_class(client, "Dog")
    finally:
        streams.close()


def test_the_server_ends_feeds_cleanly(
    engine: Engine, redis_streams: RedisStreams, labels_file: Path, listen: Listen
) -> None:
    with serving(engine, redis_streams, labels_file.parents[3]) as server:
        client = listen(server)
        wait_until(lambda: server.metric("following") == 1, "a beginning")
    wait_until(lambda: client.ended == "cleanly", f"a clean end: {client.ended}")

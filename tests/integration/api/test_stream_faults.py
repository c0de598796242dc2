"""The live feed when something goes wrong: the broker, a client, the api itself."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from sqlalchemy import Engine

from earshot.embedded_broker import EmbeddedBroker
from earshot.events.event import SoundEvent
from earshot.streams.memory_streams import MemoryStreams
from earshot.streams.policy import Policy
from earshot.streams.redis_streams import RedisStreams
from earshot.topics import EVENTS
from services.api import live_client
from tests.integration.api import live_feed
from tests.integration.api.live_feed import Connect, Server, Writer, serving, wait_until

REPOSITORY = Path(__file__).resolve().parents[3]
MakeEvent = Callable[..., SoundEvent]


connect = live_feed.connect_to


@pytest.fixture
def own_streams(own_broker: EmbeddedBroker, policy: Policy) -> Iterator[RedisStreams]:
    streams = RedisStreams(own_broker.url, policy)
    yield streams
    streams.close()


@pytest.fixture
def writer(own_streams: RedisStreams) -> Writer:
    return Writer(own_streams)


@pytest.fixture
def server(engine: Engine, own_streams: RedisStreams) -> Iterator[Server]:
    with serving(engine, own_streams, heartbeat_s=0.2) as running:
        yield running


def test_what_a_broker_outage_held_up_comes_in_order_and_once(
    own_broker: EmbeddedBroker,
    server: Server,
    connect: Connect,
    writer: Writer,
    sound_event: MakeEvent,
) -> None:
    client = connect(server.url).wait_ready()
    writer.write(sound_event())
    client.wait_for(1)
    for onset_s in (10, 20):
        own_broker.kill()
        wait_until(lambda n=onset_s: len(client.events("status")) == n // 5 - 1, "away")
        before = client.num_comments
        wait_until(lambda n=before: client.num_comments > n, "a heartbeat")
        late = connect(server.url)
        wait_until(lambda c=late: bool(c.events("status")), "away for a newcomer")
        assert own_broker.start()
        writer.write(sound_event(onset_s=onset_s), sound_event(onset_s=onset_s + 5))
        wait_until(lambda n=onset_s: len(client.events("status")) == n // 5, "back")
    assert client.wait_for(5) == writer.revision_ids
    brokers = [each.data["broker"] for each in client.events("status")]
    assert brokers == ["away", "back"] * 2
    assert client.events("reset") == []


def test_a_client_that_comes_back_during_an_outage_misses_nothing(
    own_broker: EmbeddedBroker,
    server: Server,
    connect: Connect,
    writer: Writer,
    sound_event: MakeEvent,
) -> None:
    client = connect(server.url).wait_ready()
    writer.write(sound_event(), sound_event(onset_s=5))
    client.wait_for(2)
    own_broker.kill()
    wait_until(lambda: bool(client.events("status")), "away")
    again = connect(server.url, client.messages[0].id)
    wait_until(lambda: bool(again.events("status")), "away")
    assert own_broker.start()
    writer.write(sound_event(onset_s=9))
    assert again.wait_for(2) == writer.revision_ids[1:]


def test_a_broker_that_was_emptied_begins_anew_for_everyone(
    own_broker: EmbeddedBroker,
    server: Server,
    connect: Connect,
    writer: Writer,
    sound_event: MakeEvent,
) -> None:
    client = connect(server.url).wait_ready()
    writer.write(sound_event())
    client.wait_for(1)
    with redis.Redis.from_url(own_broker.url) as broker:
        broker.flushall()
    wait_until(lambda: bool(client.events("reset")), "a reset")
    (reset,) = client.events("reset")
    assert (reset.data["reason"], reset.id) == ("ahead", "0-0")
    writer.write(sound_event(onset_s=5))
    assert client.wait_for(2) == writer.revision_ids
    again = connect(server.url, "0-0")
    assert again.wait_for(1) == writer.revision_ids[1:]


def test_who_connects_before_the_broker_was_ever_there_is_told(
    own_broker: EmbeddedBroker,
    engine: Engine,
    own_streams: RedisStreams,
    connect: Connect,
    writer: Writer,
    sound_event: MakeEvent,
) -> None:
    writer.write(sound_event(), sound_event(onset_s=3))
    first_id = str(own_streams.tail(EVENTS, 0).extent().newest)
    own_broker.kill()
    with serving(engine, own_streams, heartbeat_s=0.2) as server:
        new, back = connect(server.url), connect(server.url, first_id)
        for client in (new, back):
            wait_until(lambda c=client: bool(c.events("status")), "away")
        assert own_broker.start()
        wait_until(lambda: bool(new.events("reset")), "a reset")
        assert new.events("reset")[0].data["reason"] == "unknown"
        writer.write(sound_event(onset_s=5))
        assert new.wait_for(1) == back.wait_for(1) == writer.revision_ids[2:]
        assert back.events("reset") == []
        new.close()
        back.close()


def test_a_slow_client_is_disconnected_and_loses_nothing(
    engine: Engine, connect: Connect, sound_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_client, "MAX_WAITING", 70)
    streams = MemoryStreams(Policy(partitions=1))
    writer = Writer(streams)
    with serving(engine, streams) as server, _stalled(server.url) as stalled:

        def slow() -> float | None:
            return server.registry.get_sample_value("earshot_api_stream_slow_clients_total")

        quick = connect(server.url).wait_ready()
        wait_until(lambda: server.num_clients == 2, "both")
        while not slow():
            fat = replace(sound_event(onset_s=len(writer.revision_ids)), models=("x" * 60_000,))
            writer.write(fat)
            quick.wait_for(len(writer.revision_ids))
            assert len(writer.revision_ids) < 2000
        seen = _read_all(stalled)
        assert seen == writer.revision_ids[: len(seen)]
        assert len(seen) < len(writer.revision_ids)
        again = connect(server.url, quick.messages[len(seen) - 1].id)
        assert (
            again.wait_for(len(writer.revision_ids) - len(seen))
            == (writer.revision_ids[len(seen) :])
        )
        wait_until(lambda: server.num_clients == 2, "the slow one has gone")
        for client in (quick, again):
            client.close()


def test_many_entries_after_an_outage_do_not_throw_quick_clients_out(
    engine: Engine, connect: Connect, sound_event: MakeEvent
) -> None:
    """A burst much longer than what may wait for one client."""
    streams = MemoryStreams(Policy(partitions=1))
    writer = Writer(streams)
    with serving(engine, streams) as server:
        clients = [connect(server.url).wait_ready() for _ in range(5)]
        burst = [sound_event(onset_s=n) for n in range(3 * live_client.MAX_WAITING)]
        writer.write(*burst)
        for client in clients:
            assert client.wait_for(len(burst)) == writer.revision_ids
        for client in clients:
            client.close()


@contextmanager
def _stalled(url: str) -> Iterator[socket.socket]:
    """A client that asks, and then reads nothing."""
    address = urlsplit(url)
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect((address.hostname, address.port))
        client.sendall(b"GET /v1/stream HTTP/1.1\r\nHost: earshot\r\n\r\n")
        yield client


def _read_all(stalled: socket.socket) -> list[str]:
    """What a slow client finds when it reads at last: revision ids of whole messages."""
    stalled.settimeout(60)
    stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    raw = b""
    while part := stalled.recv(1 << 20):
        raw += part
    messages = re.findall(rb"event: sound\ndata: (.*)\n\n", raw)
    return [json.loads(message)["id"] for message in messages]

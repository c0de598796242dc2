"""The live feed over real sockets, with the streams in memory and on a real broker."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import httpx
import pytest
from sqlalchemy import Engine

from earshot.events.event import SoundEvent
from earshot.streams.entry import Entry
from earshot.streams.entry_id import BEGINNING
from earshot.topics import EVENTS
from tests.integration.api import live_feed
from tests.integration.api.live_feed import (
    Adapter,
    Client,
    Connect,
    Server,
    Writer,
    serving,
    wait_until,
)

MakeEvent = Callable[..., SoundEvent]

streams, writer = live_feed.streams, live_feed.writer
server, connect = live_feed.server, live_feed.connect


def test_a_revision_arrives_as_it_is_in_the_stream(
    connect: Connect, writer: Writer, sound_event: MakeEvent, streams: Adapter
) -> None:
    client = connect().wait_ready()
    writer.write(sound_event(label="Smoke alarm"))
    assert client.wait_for(1) == writer.revision_ids
    (delivery,) = streams.tail(EVENTS, 0).read_after(BEGINNING, 10, 0)
    (told,) = client.messages
    assert delivery.entry is not None
    assert told.data == json.loads(delivery.entry.body)
    assert told.id == delivery.entry_id
    assert client.response is not None
    headers = client.response.headers
    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert (headers["cache-control"], headers["x-accel-buffering"]) == ("no-store", "no")


def test_each_client_gets_everything(
    connect: Connect, writer: Writer, sound_event: MakeEvent
) -> None:
    clients = [connect().wait_ready() for _ in range(5)]
    for onset_s in range(20):
        writer.write(sound_event(onset_s=onset_s))
    for client in clients:
        assert client.wait_for(20) == writer.revision_ids


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?device=kitchen", [0, 1, 3]),
        ("?device=kitchen&device=hall", [0, 1, 2, 3]),
        ("?label=Dog&device=kitchen", [1]),
        ("?category=animal", [1]),
        ("?state=started", [3]),
        ("?min_score=0.85", [0, 2]),
    ],
)
def test_a_filter_leaves_out_what_is_not_wanted_live_and_replayed(
    connect: Connect, writer: Writer, sound_event: MakeEvent, query: str, expected: list[int]
) -> None:
    start_id = connect().wait_ready().last_id
    events = [
        sound_event(peak_score=0.9),
        replace(sound_event(label="Dog", peak_score=0.5), category="animal"),
        sound_event(device="hall"),
        sound_event(onset_s=9, peak_score=0.5, state=type(sound_event().state).STARTED),
    ]
    live = connect(query).wait_ready()
    writer.write(*events)
    wanted = [events[index].revision_id for index in expected]
    assert live.wait_for(len(wanted)) == wanted
    assert connect(query, start_id).wait_for(len(wanted)) == wanted


def test_a_quiet_filter_moves_on_with_the_heartbeats(
    engine: Engine, streams: Adapter, writer: Writer, sound_event: MakeEvent, connect: Connect
) -> None:
    with serving(engine, streams, heartbeat_s=0.05) as server:
        quiet = connect("?label=Dog", url=server.url).wait_ready()
        all_of_it = connect(url=server.url).wait_ready()
        writer.write(*[sound_event(onset_s=n) for n in range(5)])
        all_of_it.wait_for(5)
        newest_id = all_of_it.messages[-1].id
        wait_until(lambda: quiet.last_id == newest_id, "the heartbeat's id")
        assert quiet.messages == []
        wait_until(lambda: quiet.num_comments > 3, "heartbeats")
        replaying = connect("?label=Dog", last_id="0-0", url=server.url)
        wait_until(lambda: replaying.last_id == newest_id, "the replay's id")


def test_a_foreign_entry_is_passed_over(
    connect: Connect, writer: Writer, sound_event: MakeEvent, streams: Adapter
) -> None:
    client = connect().wait_ready()
    bodies = (b"no json", b"[]", b'{"data": {}}', b"[" * 100_000)
    entries = [Entry("d", "s", n, body=body) for n, body in enumerate(bodies)]
    streams.relay(EVENTS, "stranger", 1, entries)
    writer.write(sound_event())
    assert client.wait_for(1) == writer.revision_ids
    again = connect("", "0-0")
    assert again.wait_for(1) == writer.revision_ids


def test_a_client_that_leaves_is_forgotten(
    connect: Connect, server: Server, streams: Adapter
) -> None:
    clients = [connect().wait_ready() for _ in range(3)]
    assert server.num_clients == 3
    for client in clients[1:]:
        client.close()
    wait_until(lambda: server.num_clients == 1, "two have left")


def test_one_client_too_many_is_told_to_come_back(
    engine: Engine, streams: Adapter, connect: Connect
) -> None:
    with serving(engine, streams, max_clients=1) as server:
        first = connect(url=server.url).wait_ready()
        refused = httpx.get(f"{server.url}/v1/stream")
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "5"
        assert refused.headers["content-type"] == "application/problem+json"
        assert "EARSHOT_API_STREAM_CLIENTS" in refused.json()["detail"]
        first.close()
        wait_until(
            lambda: connect(url=server.url).wait_ready().response.status_code == 200,
            "room again",
        )


def test_a_misspelt_parameter_is_refused(server: Server) -> None:
    refused = httpx.get(f"{server.url}/v1/stream?devcie=kitchen")
    assert refused.status_code == 422
    assert refused.json()["detail"].endswith("did you mean device?")
    for query in ("state=over", "min_score=2", "device=a/b", "limit=3"):
        assert httpx.get(f"{server.url}/v1/stream?{query}").status_code == 422, query


def test_an_api_without_a_broker_names_the_setting(client: httpx.Client) -> None:
    refused = client.get("/v1/stream")
    assert refused.status_code == 503
    assert "EARSHOT_REDIS_URL" in refused.json()["detail"]


def test_the_server_ends_feeds_cleanly(engine: Engine, streams: Adapter) -> None:
    with serving(engine, streams) as server:
        client = Client(f"{server.url}/v1/stream").wait_ready()
    wait_until(lambda: client.ended == "cleanly", f"a clean end: {client.ended}")
    client.close()

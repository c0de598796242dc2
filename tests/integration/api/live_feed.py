"""A real server with a live feed, a writer of the events stream, and a client that notes it all."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

import httpx
import pytest
import uvicorn
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from earshot.events.event import SoundEvent
from earshot.store.device_tags import tags_of
from earshot.streams.memory_streams import MemoryStreams
from earshot.streams.policy import Policy
from earshot.streams.port import Streams
from earshot.streams.redis_streams import RedisStreams
from earshot.topics import EVENTS, encode_event
from services.api import server as api_server
from services.api.app import create_app
from services.api.guard import OPEN, Access
from services.api.live import LiveHub

Adapter: TypeAlias = MemoryStreams | RedisStreams
Connect: TypeAlias = Callable[..., "Client"]

WITHIN_S = 60.0


def wait_until(condition: Callable[[], bool], what: str) -> None:
    end_s = time.monotonic() + WITHIN_S
    while not condition():
        if time.monotonic() > end_s:
            pytest.fail(f"not within {WITHIN_S:g} s: {what}")
        time.sleep(0.005)


@dataclass
class Server:
    """An api over real sockets, in a thread of this process."""

    url: str
    hub: LiveHub | None
    registry: CollectorRegistry

    @property
    def num_clients(self) -> float:
        """Clients of the live feed."""
        return self.registry.get_sample_value("earshot_api_stream_clients") or 0.0


@contextmanager
def serving(
    engine: Any,
    streams: Streams | None,
    max_clients: int = 100,
    heartbeat_s: float = 15.0,
    port: int = 0,
    access: Access = OPEN,
    **parts: Any,
) -> Iterator[Server]:
    """Serves an app; `parts` are further ones of `create_app`."""
    registry, hub = CollectorRegistry(), None
    if streams is not None:
        find_tags = partial(tags_of, engine)
        hub = LiveHub(streams.tail(EVENTS, 0), find_tags, registry, max_clients, heartbeat_s)
    app = create_app(engine, registry, live=hub, access=access, **parts)
    listener = api_server.listen("127.0.0.1", port)
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=1)
    server = api_server.Server(config)
    server.before_shutdown = hub.end_feeds if hub else None
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{listener.getsockname()[1]}", hub, registry)
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


class Writer:
    """Relays revisions as the notifier of one partition does."""

    def __init__(self, streams: Streams, name: str = "w") -> None:
        self.streams, self.name = streams, name
        self.revision_ids: list[str] = []

    def write(self, *events: SoundEvent) -> None:
        first = self.streams.relay_position(EVENTS, self.name) + 1
        self.streams.relay(EVENTS, self.name, first, [encode_event(event) for event in events])
        self.revision_ids += [event.revision_id for event in events]


@dataclass(frozen=True)
class Message:
    event: str
    data: Any
    id: str


@dataclass
class Client:
    """Reads the feed in a thread, as EventSource would."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.messages: list[Message] = []
        self.last_id = ""
        self.num_comments = 0
        self.ended: str = ""
        self.response: httpx.Response | None = None
        self._client = httpx.Client(timeout=WITHIN_S)
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        try:
            with self._client.stream("GET", self.url, headers=self.headers) as self.response:
                self._parse(self.response.iter_lines())
            self.ended = "cleanly"
        except Exception as error:
            self.ended = repr(error)

    def _parse(self, lines: Iterator[str]) -> None:
        fields: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(":")
            if line.startswith(":"):
                self.num_comments += 1
            elif line:
                fields[name] = value.removeprefix(" ")
            else:
                self.last_id = fields.get("id", self.last_id)
                if "data" in fields:
                    data = json.loads(fields["data"])
                    self.messages.append(Message(fields["event"], data, self.last_id))
                fields = {}

    @property
    def revision_ids(self) -> list[str]:
        return [each.data["id"] for each in self.messages if each.event == "sound"]

    def events(self, name: str) -> list[Message]:
        return [each for each in self.messages if each.event == name]

    def wait_for(self, num_sounds: int) -> list[str]:
        wait_until(
            lambda: len(self.revision_ids) >= num_sounds, f"{num_sounds} sounds: {self.messages}"
        )
        return self.revision_ids

    def wait_ready(self) -> Client:
        """Waits until the feed has said where it begins."""
        wait_until(lambda: bool(self.last_id), f"an id: {self.ended}")
        return self

    def close(self) -> str:
        """Leaves as a closed browser tab would; returns the last id."""
        wait_until(lambda: self.response is not None or bool(self.ended), "an answer")
        if self.response is not None:
            stream = self.response.extensions["network_stream"]
            with suppress(OSError):  # closed already
                stream.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._client.close()
        return self.last_id


@pytest.fixture(params=["memory", "valkey"])
def streams(request: pytest.FixtureRequest, policy: Policy) -> Iterator[Adapter]:
    if request.param == "memory":
        yield MemoryStreams(policy)
        return
    adapter = RedisStreams(request.getfixturevalue("broker").url, policy)
    yield adapter
    adapter.close()


@pytest.fixture
def writer(streams: Adapter) -> Writer:
    return Writer(streams)


@pytest.fixture
def server(engine: Engine, streams: Adapter) -> Iterator[Server]:
    with serving(engine, streams) as running:
        yield running


@contextmanager
def _clients() -> Iterator[Connect]:
    with ExitStack() as stack:

        def make(url: str, last_id: str = "", query: str = "") -> Client:
            headers = {"Last-Event-ID": last_id} if last_id else {}
            client = Client(f"{url}/v1/stream{query}", headers)
            stack.callback(client.close)
            return client

        yield make


@pytest.fixture
def connect_to() -> Iterator[Connect]:
    """Connects to any server; all clients leave at the end."""
    with _clients() as make:
        yield make


@pytest.fixture
def connect(server: Server) -> Iterator[Connect]:
    """Connects to the server, or to another one."""
    with _clients() as make:
        yield lambda query="", last_id="", url=server.url: make(url, last_id, query)

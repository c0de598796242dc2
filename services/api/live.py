"""The hub of the live feed: one thread follows the events stream for all clients of the process."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import anyio
import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge

from earshot.store.errors import StoreUnavailable
from earshot.streams.entry_id import EntryId
from earshot.streams.errors import StreamsError
from earshot.streams.pause import Pause
from earshot.streams.port import Continuity, Tail
from services.api.live_client import LiveClient, Reset, Status
from services.api.live_event import LiveEvent, LiveFilter, TagsOf, live_events, with_tags

BATCH = 64  # entries per read: small, so that no client's queue is filled by one of them
BLOCK_S = 0.5  # longest wait for an entry; a stop is seen this late
NUM_REPLAY_THREADS = 4  # of their own: a broker that hangs must not keep queries waiting

AWAY = Status("away", "the broker does not answer: events come late, none is lost")
BACK = Status("back", "the broker answers again: what was missed follows")
UNKNOWN = "the broker was away when you connected"
REASONS = {
    Continuity.TRIMMED: "events after the last one you know have been removed: they were too old",
    Continuity.AHEAD: "the events stream was emptied or restored, or the id is not from it",
}

_Result = TypeVar("_Result")
_log = structlog.get_logger(__name__)


class TooManyClients(Exception):
    """As many clients as allowed are connected."""


class LiveHub:
    """Hands each entry of the events stream, decoded once, to every connected client.

    The thread reads; all state of clients is touched on the event loop alone. The thread waits
    until the loop has taken a batch, so it never runs ahead of the clients it feeds.

    Args:
        tail: The events stream.
        tags_of: Asked when a client wants events of devices with some tag.
        registry: Takes the feed's metrics.
        max_clients: How many may be connected.
        heartbeat_s: Longest silence on a connection.
    """

    def __init__(
        self,
        tail: Tail,
        tags_of: TagsOf,
        registry: CollectorRegistry,
        max_clients: int,
        heartbeat_s: float,
    ) -> None:
        self.tail, self.tags_of, self.heartbeat_s = tail, tags_of, heartbeat_s
        self.position: EntryId | None = None
        self.replay_threads = anyio.CapacityLimiter(NUM_REPLAY_THREADS)
        self._max_clients = max_clients
        self._clients: set[LiveClient] = set()
        self._is_away = self._is_ending = False
        self._is_known = asyncio.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="live", daemon=True)
        self._gauge = Gauge(
            "earshot_api_stream_clients", "Clients of the live feed.", registry=registry
        )
        self._slow = Counter(
            "earshot_api_stream_slow_clients",
            "Clients of the live feed that were disconnected because they read too slowly.",
            registry=registry,
        )

    def start(self) -> None:
        """Begins to follow; call it on the event loop."""
        self._loop = asyncio.get_running_loop()
        self._thread.start()

    async def stop(self) -> None:
        """Ends the thread and every feed."""
        self._stop.set()
        self.end_feeds()
        await asyncio.to_thread(self._thread.join)

    def end_feeds(self) -> None:
        """Ends every feed, and each that comes yet: its client gets a clean end."""
        self._is_ending = True
        for client in self._clients:
            client.ended.set()

    async def join(self, wants: LiveFilter) -> LiveClient:
        """Returns a new client, which `leave` must follow.

        Raises:
            TooManyClients: There are enough.
        """
        await self._is_known.wait()
        if len(self._clients) >= self._max_clients:
            raise TooManyClients
        client = LiveClient(wants)
        self._clients.add(client)
        self._gauge.set(len(self._clients))
        if self._is_ending:
            client.ended.set()
        if self._is_away:
            client.put(AWAY)
        return client

    def leave(self, client: LiveClient) -> None:
        """Forgets a client."""
        self._clients.discard(client)
        self._gauge.set(len(self._clients))

    def go_live(self, client: LiveClient) -> EntryId | None:
        """Gives a client every entry after the returned one; None: after the first contact's."""
        client.is_live, client.position = True, self.position
        return self.position

    def _follow(self) -> None:
        position, pause = None, Pause(self._stop)
        while not self._stop.is_set():
            try:
                position = self._step(position)
                pause.reset()
            except Exception as error:  # whatever it is: clients must not wait for a dead thread
                is_expected = isinstance(error, StreamsError)
                _log.warning("cannot follow", error=str(error), exc_info=not is_expected)
                self._on_loop(self._say_away)
                pause.wait()

    def _step(self, position: EntryId | None) -> EntryId:
        """Reads once and hands out; returns where to go on."""
        if position is None:
            newest = self.tail.extent().newest
            self._on_loop(partial(self._begin, newest))
            return newest
        deliveries = self.tail.read_after(position, BATCH, BLOCK_S)
        if not deliveries or self._is_away:
            extent = self.tail.extent()
            continuity = extent.continuity(position)
            if continuity is not Continuity.WHOLE:
                reset = Reset(extent.newest, continuity.value, REASONS[continuity])
                self._on_loop(partial(self._reset, reset))
                return extent.newest
        if not deliveries and not self._is_away:
            return position
        last = EntryId.parse(deliveries[-1].entry_id) if deliveries else position
        self._pass_on(live_events(deliveries), last)
        return last

    def _pass_on(self, events: list[LiveEvent], last: EntryId) -> None:
        """Hands out; looks the devices' tags up first when a client asks for them.

        Without the database nobody can tell what such a client wants: its feed ends, and goes on
        from its Last-Event-ID when the client comes back.
        """
        while self._on_loop(partial(self._hand_out, events, last)) is False:
            try:
                events = with_tags(events, self.tags_of)
            except StoreUnavailable as error:
                _log.warning("feeds by tag end: the database is away", reason=str(error))
                self._on_loop(self._end_feeds_by_tag)

    def _on_loop(self, call: Callable[[], _Result]) -> _Result | None:
        """Runs a call on the event loop and waits for it; None when it fails."""
        done, results = threading.Event(), list[_Result]()

        def run() -> None:
            try:
                results.append(call())
            finally:
                done.set()

        self._loop.call_soon_threadsafe(run)
        done.wait()
        return results[0] if results else None

    def _begin(self, newest: EntryId) -> None:
        self._say_back()
        self.position = newest
        for client in self._clients:  # who waited for this cannot know what was in between
            client.put(Reset(newest, "unknown", UNKNOWN))
        self._is_known.set()

    def _hand_out(self, events: list[LiveEvent], last: EntryId) -> bool:
        """Returns False, with nothing done, when the events lack tags that a client asks for."""
        if any(event.tags is None for event in events) and self._clients_by_tag():
            return False
        self._say_back()
        self.position = last
        for client in list(self._clients):
            if not client.put_events(events, last):
                self._slow.inc()
                self._clients.discard(client)
        return True

    def _clients_by_tag(self) -> list[LiveClient]:
        return [client for client in self._clients if client.wants.tags]

    def _end_feeds_by_tag(self) -> None:
        for client in self._clients_by_tag():
            client.ended.set()
            self._clients.discard(client)

    def _reset(self, reset: Reset) -> None:
        self._say_back()
        _log.error("the live feed begins anew", reason=reset.reason, entry=str(reset.entry_id))
        self.position = reset.entry_id
        for client in self._clients:
            client.put(reset)

    def _say_away(self) -> None:
        self._is_known.set()
        if not self._is_away:
            self._is_away = True
            for client in self._clients:
                client.put(AWAY)

    def _say_back(self) -> None:
        if self._is_away:
            self._is_away = False
            for client in self._clients:
                client.put(BACK)

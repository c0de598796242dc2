"""What one client of the live feed is sent: the replay of what it missed, then what happens."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import anyio
import anyio.to_thread

from earshot.store.errors import StoreUnavailable
from earshot.streams.entry_id import EntryId
from earshot.streams.errors import StreamsError
from earshot.streams.port import Continuity
from services.api.live import REASONS, LiveHub
from services.api.live_client import LiveClient, Reset
from services.api.live_event import LiveEvent, live_events, resume_point, with_tags

PAGE = 256  # entries per read of a replay
RETRY_S = 1.0  # between tries of a replay while broker or database are away, and the client's own
OPENING = b"retry: 1000\n"
HEARTBEAT = b": heartbeat\n"
NO_ID = "Last-Event-ID is not an id of this feed"


@dataclass(frozen=True, slots=True)
class Page:
    """Some entries after a position.

    Attributes:
        events: The events among them.
        last: The last entry of them; the position itself when there is none.
        is_full: Whether there may be more.
        continuity: Whether anything between the position and them is missing.
    """

    events: list[LiveEvent]
    last: EntryId
    is_full: bool
    continuity: Continuity


class LiveFeed:
    """Yields the bytes for one client. The hand-over from replay to live is exact.

    A client that replays reads the stream by itself. At its end it goes live, which tells the last
    entry the hub has handed out; it reads on until it is as far. All later ones wait in its queue,
    perhaps with some that it has read itself: those are known by their ids and left out.

    Args:
        hub: Where the client has joined.
        client: It.
        last_event_id: What the client says it got last; None to begin now.
    """

    def __init__(self, hub: LiveHub, client: LiveClient, last_event_id: str | None) -> None:
        self._hub, self._client, self._last_event_id = hub, client, last_event_id
        self._position: EntryId | None = None

    async def chunks(self) -> AsyncGenerator[bytes]:
        """Yields what to send, for ever."""
        if self._last_event_id is None:
            self._position = self._hub.go_live(self._client)
            yield OPENING + self._heartbeat()
        else:
            yield OPENING + b"\n"
            async for chunk in self._replay(self._last_event_id):
                yield chunk
        while True:
            await self._client.wait(self._hub.heartbeat_s)
            yield self._drain() or self._heartbeat()

    async def _replay(self, last_event_id: str) -> AsyncGenerator[bytes]:
        try:
            position = EntryId.parse(last_event_id)
        except ValueError:
            yield self._begin_anew("unknown", NO_ID)
            return
        live_from: EntryId | None = None
        while live_from is None or position < live_from:
            try:
                page = await self._read(position)
            except (StreamsError, StoreUnavailable):
                yield self._drain() or HEARTBEAT + b"\n"
                await anyio.sleep(RETRY_S)
                continue
            if page.continuity is not Continuity.WHOLE:
                yield self._begin_anew(page.continuity.value, REASONS[page.continuity])
                return
            frames = [event.frame for event in page.events if self._client.wants.matches(event)]
            position = self._position = page.last
            yield b"".join(frames) + resume_point(position) + b"\n"
            if not page.is_full:
                if live_from is not None:
                    return  # the end of the stream, however far the hub has been
                if self._hub.position is None:
                    await anyio.sleep(RETRY_S)
                else:
                    live_from = self._hub.go_live(self._client)

    async def _read(self, position: EntryId) -> Page:
        return await anyio.to_thread.run_sync(
            self._read_page, position, abandon_on_cancel=True, limiter=self._hub.replay_threads
        )

    def _read_page(self, position: EntryId) -> Page:
        """Reads, then asks whether all of it was still there: only so is a trim noticed."""
        deliveries = self._hub.tail.read_after(position, PAGE, 0)
        continuity = self._hub.tail.extent().continuity(position)
        last = EntryId.parse(deliveries[-1].entry_id) if deliveries else position
        events = live_events(deliveries)
        if self._client.wants.tags:
            events = with_tags(events, self._hub.tags_of)
        return Page(events, last, len(deliveries) == PAGE, continuity)

    def _begin_anew(self, reason: str, detail: str) -> bytes:
        """Goes live from where the hub is; while that is not known, the hub will say so itself."""
        self._position = self._hub.go_live(self._client)
        if self._position is None:
            return HEARTBEAT + b"\n"
        return Reset(self._position, reason, detail).frame

    def _drain(self) -> bytes:
        """Returns everything that waits and was not sent yet."""
        frames = []
        for item in self._client.take():
            if isinstance(item, LiveEvent):
                if self._position is not None and item.entry_id <= self._position:
                    continue
                self._position = item.entry_id
            elif isinstance(item, Reset):
                self._position = item.entry_id
            frames.append(item.frame)
        return b"".join(frames)

    def _heartbeat(self) -> bytes:
        """A comment, and how far the client is, so that a quiet filter need not replay for ever.

        Sent when nothing waits: whatever is before the position was sent, or is not wanted.
        """
        known = [each for each in (self._client.position, self._position) if each is not None]
        return HEARTBEAT + (resume_point(max(known)) if known else b"") + b"\n"

"""What one client that follows what is heard is sent: what has changed, once a second."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Sequence

import anyio

from services.api.hearing import BrokerMissing, HearingHub, Picture
from services.api.live_client import Status
from services.api.live_event import message
from services.api.live_feed import HEARTBEAT, OPENING

EVERY_S = 1.0

AWAY = Status("away", "the broker does not answer: nobody knows what is heard")
BACK = Status("back", "the broker answers again")


class HearingFeed:
    """Yields the bytes for one client.

    Nothing waits for a client: each time it has taken what was sent before, it is sent what is
    heard by then. So a slow one gets less, and always the newest.

    Args:
        hub: Where it has joined.
        device_ids: Which devices it wants; empty for any.
        limit: How many at most.
        every_s: Least time between two messages about one device.
    """

    def __init__(
        self, hub: HearingHub, device_ids: Sequence[str], limit: int, every_s: float = EVERY_S
    ) -> None:
        self._hub, self._device_ids, self._limit, self._every_s = hub, device_ids, limit, every_s
        self._sent: dict[str, int] = {}
        self._last = b""
        self._is_away = False

    async def chunks(self) -> AsyncGenerator[bytes]:
        """Yields what to send, for ever."""
        yield OPENING + b"\n"
        spoke_s = time.monotonic()
        while True:
            began_s = time.monotonic()
            chunk = await self._chunk()
            if not chunk and began_s - spoke_s >= self._hub.heartbeat_s:
                chunk = HEARTBEAT + b"\n"
            if chunk:
                yield chunk
                spoke_s = began_s
            await anyio.sleep(max(0.0, began_s + self._every_s - time.monotonic()))

    async def _chunk(self) -> bytes:
        try:
            picture = await self._hub.look(self._device_ids, self._limit)
        except BrokerMissing:
            frames = [] if self._is_away else [AWAY.frame]
            self._is_away = True
        else:
            frames = [BACK.frame] if self._is_away else []
            self._is_away = False
            frames += self._news(picture)
        return b"".join(frames)

    def _news(self, picture: Picture) -> list[bytes]:
        frames = []
        for told in picture.told:
            if self._sent.get(told.device_id) != told.number:
                self._sent[told.device_id] = told.number
                frames.append(message("hearing", told.body))
        if picture.last != self._last:
            self._last = picture.last
            frames.append(message("last", picture.last))
        return frames

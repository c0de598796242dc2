"""What waits for one client of the live feed: bounded, so that a slow one costs no memory."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import anyio

from earshot.streams.entry_id import EntryId
from services.api.live_event import LiveEvent, LiveFilter, message

MAX_WAITING = 512  # messages; about half a megabyte


@dataclass(frozen=True, slots=True)
class Status:
    """The broker went away, or is back."""

    broker: str
    detail: str

    @property
    def frame(self) -> bytes:
        """What is sent."""
        return message(
            "status", json.dumps({"broker": self.broker, "detail": self.detail}).encode()
        )


@dataclass(frozen=True, slots=True)
class Reset:
    """What was after the client's last event cannot be told any more: it begins anew.

    Attributes:
        entry_id: Where the feed goes on.
        reason: One word for programs.
        detail: A sentence for people.
    """

    entry_id: EntryId
    reason: str
    detail: str

    @property
    def frame(self) -> bytes:
        """What is sent."""
        told = {
            "reason": self.reason,
            "detail": f"{self.detail}: read /v1/events for what happened meanwhile; "
            "what happens from now on comes here",
        }
        return message("reset", json.dumps(told).encode(), self.entry_id)


Item: TypeAlias = LiveEvent | Status | Reset


class LiveClient:
    """A connected client as the hub sees it. Everything happens on the event loop.

    Attributes:
        wants: What it asked for.
        position: The newest entry that was put here or that it does not want; everything before
            `is_live` is the client's own business.
        is_live: Whether it gets events; one that still replays gets only what the hub has to say.
        ended: Set when the feed is over: it was too slow, or the process stops.
    """

    def __init__(self, wants: LiveFilter) -> None:
        self.wants = wants
        self.position: EntryId | None = None
        self.is_live = False
        self.ended = asyncio.Event()
        self._waiting: list[Item] = []
        self._woken = asyncio.Event()

    def put_events(self, events: Sequence[LiveEvent], position: EntryId) -> bool:
        """Takes what the client wants of new events.

        Args:
            events: Events in the stream's order.
            position: The last entry they were taken from.

        Returns:
            Whether there was room; if not, the feed has ended.
        """
        if not self.is_live:
            return True
        wanted = [event for event in events if self.wants.matches(event)]
        if len(self._waiting) + len(wanted) > MAX_WAITING:
            self.ended.set()
            return False
        self.position = position
        self._put(wanted)
        return True

    def put(self, item: Status | Reset) -> None:
        """Takes what the hub has to say; a reset is where a live client goes on."""
        if isinstance(item, Reset):
            if not self.is_live:
                return
            self.position = item.entry_id
        self._put([item])

    def take(self) -> list[Item]:
        """Returns everything that waits, and waits for nothing."""
        self._woken.clear()
        taken, self._waiting = self._waiting, []
        return taken

    async def wait(self, timeout_s: float) -> None:
        """Returns when something waits, or the time is up."""
        with anyio.move_on_after(timeout_s):
            await self._woken.wait()

    def _put(self, items: Sequence[Item]) -> None:
        if items:
            self._waiting.extend(items)
            self._woken.set()

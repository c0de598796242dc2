"""The hub of what is heard now: follows the predictions while somebody asks, and answers all."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import anyio
import anyio.to_thread
from prometheus_client import CollectorRegistry, Gauge
from sqlalchemy import Engine

from earshot.events.taxonomy import Taxonomy
from earshot.streams.port import Streams

if TYPE_CHECKING:
    from services.api.heard import Heard
    from services.api.hearing_board import HearingBoard, Told
    from services.api.prediction_follower import PredictionFollower

LISTEN_FIRST_S = 1.2  # a patch is 0.96 s: who asks first waits for each device's next one


class TooManyListeners(Exception):
    """As many clients as allowed are connected."""


class BrokerMissing(Exception):
    """The broker does not answer: nobody knows what is heard."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What is heard now.

    Attributes:
        told: By device, in the order of their ids.
        last: The last predictions of these devices, newest first, in JSON.
    """

    told: Sequence[Told]
    last: bytes

    @property
    def body(self) -> bytes:
        """A `Hearing` in JSON."""
        devices = b",".join(told.body for told in self.told)
        return b'{"devices":[%b],"last":%b}' % (devices, self.last)


@dataclass(frozen=True, slots=True)
class _Parts:
    heard: Heard
    follower: PredictionFollower
    board: HearingBoard


@dataclass(frozen=True, slots=True)
class Sources:
    """Where it is known from what is heard, and what it is called.

    Attributes:
        streams: The broker.
        engine: The database.
        taxonomy: With its overrides.
        models_dir: Folder of the bundles, for the names of classes.
    """

    streams: Streams
    engine: Engine
    taxonomy: Taxonomy
    models_dir: Path


class HearingHub:
    """Tells what is heard. Nothing is followed, nor loaded, before somebody asks.

    Args:
        sources: Where it looks.
        registry: Takes the metrics.
        max_clients: How many may follow at once.
        heartbeat_s: Longest silence on a connection.
        idle_s: When to stop after nobody has asked.
    """

    def __init__(
        self,
        sources: Sources,
        registry: CollectorRegistry,
        max_clients: int,
        heartbeat_s: float,
        idle_s: float = 30.0,
    ) -> None:
        self.heartbeat_s, self.ended = heartbeat_s, asyncio.Event()
        self._sources, self._max_clients, self._idle_s = sources, max_clients, idle_s
        self._num_clients = 0
        self._lock = asyncio.Lock()
        self._parts: _Parts | None = None
        clients = Gauge(
            "earshot_api_hearing_clients", "Clients that follow what is heard.", registry=registry
        )
        clients.set_function(lambda: self._num_clients)
        following = Gauge(
            "earshot_api_hearing_following", "1 while predictions are followed.", registry=registry
        )
        following.set_function(lambda: self.is_following)

    @property
    def is_following(self) -> bool:
        """Whether the predictions are being followed."""
        return self._parts is not None and self._parts.follower.is_following

    async def stop(self) -> None:
        """Ends the threads and every feed."""
        self.end_feeds()
        if self._parts is not None:
            await asyncio.to_thread(self._parts.follower.stop)

    def end_feeds(self) -> None:
        """Ends every feed, and each that comes yet."""
        self.ended.set()

    def join(self) -> None:
        """Counts a client that follows; `leave` must follow.

        Raises:
            TooManyListeners: There are enough.
        """
        if self._num_clients >= self._max_clients:
            raise TooManyListeners
        self._num_clients += 1

    def leave(self) -> None:
        """Counts it no more."""
        self._num_clients -= 1

    async def look(self, device_ids: Sequence[str], limit: int) -> Picture:
        """Returns what is heard now; the first to ask waits a moment for it.

        Args:
            device_ids: By which devices; empty for any.
            limit: By how many at most, in the order of their ids.

        Raises:
            BrokerMissing: The broker does not answer.
        """
        async with self._lock:
            if self._parts is None:
                self._parts = await anyio.to_thread.run_sync(self._load)
            if self._parts.follower.want():
                await anyio.sleep(LISTEN_FIRST_S)
            if self._parts.follower.is_away:
                raise BrokerMissing
            return await anyio.to_thread.run_sync(self._picture, self._parts, device_ids, limit)

    def _picture(self, parts: _Parts, device_ids: Sequence[str], limit: int) -> Picture:
        asked = sorted(set(device_ids)) or parts.heard.device_ids()
        told = parts.board.tell(asked[:limit])
        return Picture(told, parts.board.last({each.device_id for each in told}))

    def _load(self) -> _Parts:
        # Imported only when somebody asks: numpy takes a quarter of this process's memory.
        from earshot.model_labels import ModelLabels
        from services.api.heard import Heard
        from services.api.hearing_board import HearingBoard
        from services.api.prediction_follower import PredictionFollower

        sources, heard = self._sources, Heard()
        follower = PredictionFollower(sources.streams, heard.take, heard.forget, self._idle_s)
        model_labels = ModelLabels(sources.models_dir)
        board = HearingBoard(heard, sources.engine, sources.taxonomy, model_labels)
        return _Parts(heard, follower, board)

"""A stream read without a group, on Redis."""

from __future__ import annotations

from typing import Any

import redis

from earshot.streams.entry import Delivery
from earshot.streams.entry_id import BEGINNING, EntryId
from earshot.streams.port import Extent
from earshot.streams.redis_entries import deliveries
from earshot.streams.redis_errors import translated
from earshot.streams.topic import Keys


class RedisTail:
    """Implements `Tail`; made by `RedisStreams.tail`.

    What was removed is known from two places: XTRIM leaves no trace in XINFO STREAM (Redis 7.0 and
    Valkey 9.1, measured), so the trim script notes the last id; XDEL, which a person may use, moves
    `max-deleted-entry-id`.
    """

    def __init__(self, client: redis.Redis, keys: Keys) -> None:
        self._redis, self._keys = client, keys

    def extent(self) -> Extent:
        """See `Tail.extent`."""
        with translated():
            pipeline = self._redis.pipeline(transaction=True)
            pipeline.exists(self._keys.stream)
            pipeline.hget(self._keys.totals, "removed")
            pipeline.xinfo_stream(self._keys.stream)
            there, removed, info = pipeline.execute(raise_on_error=False)
            if there == 0:  # then XINFO is an error
                return Extent(BEGINNING, BEGINNING)
            for reply in (there, removed, info):
                if isinstance(reply, Exception):
                    raise reply
        last_removed = max(_parsed(removed or b"0-0"), _parsed(info["max-deleted-entry-id"]))
        return Extent(_parsed(info["last-generated-id"]), last_removed)

    def read_after(self, entry_id: EntryId, count: int, block_s: float) -> list[Delivery]:
        """See `Tail.read_after`."""
        block_ms = max(1, int(block_s * 1000)) if block_s > 0 else None
        streams: Any = {self._keys.stream: str(entry_id)}
        with translated():
            reply: Any = self._redis.xread(streams, count=count, block=block_ms)
        return deliveries(reply[0][1]) if reply else []


def _parsed(entry_id: bytes) -> EntryId:
    return EntryId.parse(entry_id.decode())

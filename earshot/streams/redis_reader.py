"""One consumer of one stage in one partition, on Redis."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import redis

from earshot.streams.entry import Delivery, Entry
from earshot.streams.policy import Policy
from earshot.streams.port import HandOff, Stage, Tended
from earshot.streams.redis_entries import deliveries, flag_words
from earshot.streams.redis_errors import group_is_missing, translated
from earshot.streams.redis_scripts import Scripts
from earshot.streams.topic import Keys


class RedisReader:
    """Implements `Reader`; made by `RedisStreams.reader`."""

    def __init__(
        self,
        client: redis.Redis,
        scripts: Scripts,
        policy: Policy,
        stage: Stage,
        partition: int,
        consumer: str,
    ) -> None:
        self._redis, self._scripts, self._policy = client, scripts, policy
        self._group, self._consumer = stage.group, consumer
        self._source = stage.source
        self._keys = Keys.of(stage.source, partition, policy.key_prefix)
        self._attempts = self._keys.attempts(stage.group)
        self._target = None
        if stage.target is not None:
            self._target = Keys.of(stage.target, partition, policy.key_prefix)
        # What every script that puts entries in order is told about the deployment.
        context_bytes = policy.target_context_bytes(stage.target)
        self._order = [context_bytes, policy.park_limit, policy.state_ttl_s, policy.ended_ttl_s]

    def join(self) -> None:
        """See `Reader.join`."""
        with translated():
            try:
                self._redis.xgroup_create(self._keys.stream, self._group, id="0", mkstream=True)
            except redis.ResponseError as error:
                if "BUSYGROUP" not in str(error):
                    raise

    def read(self, count: int, block_s: float) -> list[Delivery]:
        """See `Reader.read`. Joins again when the broker has forgotten the group."""
        block_ms = max(1, int(block_s * 1000)) if block_s > 0 else None
        streams: Any = {self._keys.stream: ">"}
        with translated():
            try:
                reply: Any = self._redis.xreadgroup(
                    self._group, self._consumer, streams, count=count, block=block_ms
                )
            except redis.ResponseError as error:
                if not group_is_missing(error):
                    raise
                self.join()
                return []
        return deliveries(reply[0][1]) if reply else []

    def claim(self, min_idle_s: float, count: int) -> tuple[list[Delivery], int]:
        """See `Reader.claim`. XAUTOCLAIM scans a little per call: goes on to the end."""
        claimed: list[Delivery] = []
        num_lost, cursor = 0, b"0-0"
        while len(claimed) < count:
            reply = self._autoclaim(cursor, min_idle_s, count - len(claimed))
            cursor = reply[0]
            claimed += deliveries(reply[1])
            num_lost += len(reply[2])
            if cursor == b"0-0":
                break
        return claimed, num_lost

    def begin_attempt(self, entry_id: str) -> int:
        """See `Reader.begin_attempt`."""
        with translated():
            return int(self._redis.hincrby(self._attempts, entry_id, 1))

    def withdraw_attempt(self, entry_id: str) -> None:
        """See `Reader.withdraw_attempt`."""
        with translated():
            self._redis.hincrby(self._attempts, entry_id, -1)

    def hand_off(self, results: Sequence[tuple[str, Entry]]) -> list[HandOff]:
        """See `Reader.hand_off`. One round trip for the whole batch."""
        calls = []
        for entry_id, entry in results:
            who = (entry.device_id, entry.session_id)
            result = [entry.sequence, flag_words(entry), entry.body, entry.codes]
            calls.append(
                (
                    [self._keys.stream, *self._order_keys(*who), self._attempts],
                    [self._group, entry_id, *who, *self._order, *result],
                )
            )
        with translated():
            return [HandOff(reply.decode()) for reply in self._scripts.run_many("hand_off", calls)]

    def acknowledge(self, entry_ids: Sequence[str]) -> None:
        """See `Reader.acknowledge`."""
        if not entry_ids:
            return
        with translated():
            pipeline = self._redis.pipeline(transaction=True)
            pipeline.xack(self._keys.stream, self._group, *entry_ids)
            pipeline.hdel(self._attempts, *entry_ids)
            pipeline.execute()

    def bury(self, delivery: Delivery, reason: str) -> HandOff:
        """See `Reader.bury`."""
        entry = delivery.entry
        who = (entry.device_id, entry.session_id) if entry else ("", "")
        keys = [self._keys.stream, self._keys.dead, self._attempts]
        if self._target is not None:
            keys += self._order_keys(*who)
        arguments: list[Any] = [self._group, delivery.entry_id, self._source.name, reason]
        arguments += [self._policy.dead_limit, *who, entry.sequence if entry else ""]
        arguments += [flag_words(entry) if entry else "", *self._order]
        with translated():
            return HandOff(self._scripts.run("bury", keys, arguments).decode())

    def tend(self) -> Tended:
        """See `Reader.tend`."""
        with translated():
            skipped = self._skip() if self._target is not None else 0
            if self._source.owner not in {"", self._group}:
                return Tended(skipped)
            oldest_ms = int((time.time() - self._policy.guest_retention_s) * 1000)
            removed, *past = self._scripts.run(
                "trim",
                [self._keys.stream, self._keys.totals],
                [self._source.owner, f"{max(oldest_ms, 0)}-0"],
            )
        guests = zip((name.decode() for name in past[::2]), past[1::2], strict=True)
        return Tended(skipped, removed, tuple(guests))

    def leave(self) -> None:
        """See `Reader.leave`. Deleting a consumer would drop what is pending on its name."""
        with translated():
            try:
                self._scripts.run("leave", [self._keys.stream], [self._group, self._consumer])
            except redis.ResponseError as error:
                if not group_is_missing(error):
                    raise

    def _autoclaim(self, cursor: bytes, min_idle_s: float, count: int) -> Any:
        with translated():
            try:
                return self._redis.xautoclaim(
                    self._keys.stream,
                    self._group,
                    self._consumer,
                    int(min_idle_s * 1000),
                    start_id=cursor,
                    count=count,
                )
            except redis.ResponseError as error:
                if not group_is_missing(error):
                    raise
                return [b"0-0", [], []]

    def _skip(self) -> int:
        skipped = 0
        members: Any = self._redis.hkeys(self._keys.parked(self._group))
        for member in members:
            who = member.decode().split(" ")
            keys = [self._keys.stream, *self._order_keys(*who)]
            arguments = [self._group, *who, *self._order, self._policy.skip_limit]
            skipped += self._scripts.run("skip", keys, arguments)
        return skipped

    def _order_keys(self, device: str, session: str) -> list[str]:
        assert self._target is not None
        state = self._keys.state(self._group, device, session)
        return [self._target.stream, self._target.totals, state, self._keys.parked(self._group)]

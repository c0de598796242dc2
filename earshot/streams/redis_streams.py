"""The streams on Redis >= 7.0 or Valkey >= 7.2: producers, relays and what they ask.

With `redis_reader`, `redis_tail`, `redis_groups` and `redis_scripts` all that speaks Redis. Every
change of more than one key is one Lua script (`lua/`), so that a process killed at any moment
leaves either all of it or nothing. The client never retries by itself: a lost reply would add an
entry twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from earshot.streams.entry import Entry
from earshot.streams.entry_id import BEGINNING, EntryId
from earshot.streams.groups import GroupState
from earshot.streams.policy import Policy
from earshot.streams.port import Answer, Appended, Backlog, Stage
from earshot.streams.redis_entries import flag_words
from earshot.streams.redis_errors import translated
from earshot.streams.redis_groups import drop_group, group_states
from earshot.streams.redis_reader import RedisReader
from earshot.streams.redis_scripts import Scripts
from earshot.streams.redis_tail import RedisTail
from earshot.streams.topic import Keys, Topic, partition_of

REPLY_MARGIN_S = 5.0  # how much longer than a blocking read a reply may take


class RedisStreams:
    """Appender, Relay and the source of Readers over one broker. Safe to use from threads."""

    def __init__(self, url: str, policy: Policy) -> None:
        self.policy = policy
        self._redis: redis.Redis = redis.Redis.from_url(
            url, socket_timeout=REPLY_MARGIN_S, retry=Retry(NoBackoff(), 0), protocol=2
        )
        self._scripts = Scripts(self._redis)

    @property
    def partitions(self) -> int:
        """Number of partitions of the deployment."""
        return self.policy.partitions

    def close(self) -> None:
        """Closes the connections."""
        self._redis.close()

    def ping(self) -> None:
        """Returns when the broker answers; raises BrokerAway when it does not."""
        with translated():
            self._redis.ping()

    def memory_limit(self) -> tuple[int, str]:
        """Returns the broker's maxmemory in bytes, 0 for none, and what it does when it is full."""
        with translated():
            info: Any = self._redis.info("memory")
        return int(info["maxmemory"]), str(info["maxmemory_policy"])

    def append(self, topic: Topic[Any], entry: Entry, *, patient: bool = False) -> Appended:
        """See `Appender.append`."""
        keys = self._keys(topic, partition_of(entry.device_id, self.partitions))
        who = (entry.device_id, entry.session_id)
        budget_bytes = self.policy.topic_budget_bytes(topic) // (2 if patient else 1)
        lifetimes = [self.policy.state_ttl_s, self.policy.ended_ttl_s]
        arguments = [*who, entry.sequence, flag_words(entry), entry.body, entry.codes]
        with translated():
            try:
                answer, next_sequence = self._scripts.run(
                    "append",
                    [keys.stream, keys.totals, keys.last(*who)],
                    [*arguments, budget_bytes, *lifetimes],
                )
            except redis.exceptions.OutOfMemoryError:
                return Appended(Answer.FULL, entry.sequence)
        return Appended(Answer(answer.decode()), int(next_sequence))

    def reader(self, stage: Stage, partition: int, consumer: str) -> RedisReader:
        """See `Streams.reader`."""
        return RedisReader(self._redis, self._scripts, self.policy, stage, partition, consumer)

    def tail(self, topic: Topic[Any], partition: int) -> RedisTail:
        """See `Streams.tail`."""
        return RedisTail(self._redis, self._keys(topic, partition))

    def fill(self, topic: Topic[Any], partition: int) -> float:
        """See `Streams.fill`."""
        budget_bytes = self.policy.topic_budget_bytes(topic)
        if not budget_bytes:
            return 0.0
        with translated():
            totals = self._keys(topic, partition).totals
            added, trimmed = self._redis.hmget(totals, ["added", "trimmed"])
        return (int(added or 0) - int(trimmed or 0)) / budget_bytes

    def backlog(self, topic: Topic[Any], partition: int, group: str) -> Backlog:
        """See `Streams.backlog`. Unread is 1 or more when the broker cannot count it."""
        stream = self._keys(topic, partition).stream
        with translated():
            if not self._redis.exists(stream):
                return Backlog(0, 0)
            infos: Any = self._redis.xinfo_groups(stream)
            for info in infos:
                if info["name"] == group.encode():
                    return Backlog(self._unread(stream, info), info["pending"])
            return Backlog(self._redis.xlen(stream), 0)

    def groups(self, topic: Topic[Any], partition: int) -> list[GroupState]:
        """See `Groups.groups`."""
        return group_states(self._redis, self._keys(topic, partition))

    def drop_group(self, topic: Topic[Any], partition: int, group: str) -> bool:
        """See `Groups.drop_group`."""
        return drop_group(self._redis, self._keys(topic, partition), group)

    def finished(self, topic: Topic[Any], partition: int, group: str) -> EntryId:
        """See `Streams.finished`."""
        keys = self._keys(topic, partition)
        with translated():
            pipeline = self._redis.pipeline(transaction=True)
            pipeline.exists(keys.stream)
            pipeline.hvals(keys.parked(group))
            pipeline.xinfo_groups(keys.stream)  # an error without the stream
            pipeline.xpending(keys.stream, group)  # an error without the group
            there, parked, infos, pending = pipeline.execute(raise_on_error=False)
            if there == 0:
                return BEGINNING
            _raise_any(there, parked, infos)
            delivered = {info["name"].decode(): info["last-delivered-id"] for info in infos}
            if group not in delivered:
                return BEGINNING
            _raise_any(pending)
        open_ids = [*parked, *([pending["min"]] if pending["pending"] else [])]
        finished = [_parsed(entry_id).before for entry_id in open_ids]
        return min([_parsed(delivered[group]), *finished])

    def relay(
        self,
        topic: Topic[Any],
        writer: str,
        first_position: int,
        entries: Sequence[Entry],
        after_position: int | None = None,
    ) -> int:
        """See `Relay.relay`."""
        keys = self._keys(topic, 0)
        before = first_position - 1 if after_position is None else after_position
        arguments: list[Any] = [first_position, before]
        for entry in entries:
            arguments += [entry.device_id, entry.session_id, entry.sequence]
            arguments += [flag_words(entry), entry.body]
        with translated():
            return int(self._scripts.run("relay", [keys.stream, keys.position(writer)], arguments))

    def relay_position(self, topic: Topic[Any], writer: str) -> int:
        """See `Relay.relay_position`."""
        with translated():
            return int(self._redis.get(self._keys(topic, 0).position(writer)) or 0)

    def _unread(self, stream: str, info: dict[str, Any]) -> int:
        if info["lag"] is not None:
            return int(info["lag"])
        after: bytes = b"(" + info["last-delivered-id"]
        unread: Any = self._redis.xrange(stream, min=after, count=1)
        return len(unread)

    def _keys(self, topic: Topic[Any], partition: int) -> Keys:
        return Keys.of(topic, partition, self.policy.key_prefix)


def _raise_any(*replies: Any) -> None:
    for reply in replies:
        if isinstance(reply, Exception):
            raise reply


def _parsed(entry_id: bytes) -> EntryId:
    return EntryId.parse(entry_id.decode())

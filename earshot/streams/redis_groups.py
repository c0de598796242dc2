"""The consumer groups of one partition of a topic, on Redis: how they stand, and their end."""

from __future__ import annotations

from typing import Any

import redis

from earshot.streams.groups import GroupState
from earshot.streams.redis_errors import group_is_missing, translated
from earshot.streams.topic import Keys

PAGE = 256  # entries per read where unread ones must be counted one by one


def group_states(client: redis.Redis, keys: Keys) -> list[GroupState]:
    """See `Groups.groups`."""
    with translated():
        if not client.exists(keys.stream):
            return []
        stream: Any = client.xinfo_stream(keys.stream)
        groups: Any = client.xinfo_groups(keys.stream)
        found = (_state(client, keys, stream, group) for group in groups)
        return sorted((each for each in found if each is not None), key=lambda each: each.name)


def drop_group(client: redis.Redis, keys: Keys, group: str) -> bool:
    """See `Groups.drop_group`."""
    with translated():
        if not client.exists(keys.stream):
            return False
        pipeline = client.pipeline(transaction=True)
        pipeline.xgroup_destroy(keys.stream, group)
        pipeline.delete(keys.attempts(group), keys.parked(group))
        pipeline.hdel(keys.totals, keys.trimmed_past(group))
        return bool(pipeline.execute()[0])


def _state(
    client: redis.Redis, keys: Keys, stream: dict[str, Any], group: dict[str, Any]
) -> GroupState | None:
    """Returns how a group stands; None when it was dropped meanwhile."""
    name = group["name"].decode()
    try:
        consumers: Any = client.xinfo_consumers(keys.stream, name)
    except redis.ResponseError as error:
        if not group_is_missing(error):
            raise
        return None
    trimmed_past = int(client.hget(keys.totals, keys.trimmed_past(name)) or 0)
    unread = _num_unread(client, keys, stream, group, trimmed_past)
    return GroupState(
        name,
        tuple(sorted(each["name"].decode() for each in consumers)),
        unread,
        group["pending"],
        min((each["idle"] / 1000 for each in consumers), default=None),
        trimmed_past,
    )


def _num_unread(
    client: redis.Redis,
    keys: Keys,
    stream: dict[str, Any],
    group: dict[str, Any],
    trimmed_past: int,
) -> int:
    """Returns how many entries the group has not been given.

    The broker's own `lag` stays wrong for good once a group was trimmed past (Redis 7.0, measured),
    and is unknown after some deletions: then they are counted.
    """
    if group["lag"] is not None and not trimmed_past:
        return int(group["lag"])
    num_unread, last_id = 0, group["last-delivered-id"]
    while last_id != stream["last-generated-id"]:
        page: Any = client.xrange(keys.stream, min=b"(" + last_id, count=PAGE)
        num_unread += len(page)
        if len(page) < PAGE:
            break
        last_id = page[-1][0]
    return num_unread

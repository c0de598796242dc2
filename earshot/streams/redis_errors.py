"""The Redis client's errors, turned into the streams' own at the border."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import redis

from earshot.streams.errors import BrokerAway, BrokerRefused

_AWAY = (
    redis.ConnectionError,
    redis.TimeoutError,
    redis.exceptions.BusyLoadingError,
    redis.exceptions.ReadOnlyError,
    redis.exceptions.ClusterDownError,
    OSError,
)
# Answers of a broker that cannot write at the moment: disk full, no master, too few replicas.
_CANNOT_NOW = ("MISCONF", "LOADING", "MASTERDOWN", "NOREPLICAS")


def group_is_missing(error: redis.ResponseError) -> bool:
    """Returns whether the group, or its stream, does not exist (any more)."""
    return "NOGROUP" in str(error) or "no such key" in str(error)


@contextmanager
def translated() -> Iterator[None]:
    """Raises BrokerAway or BrokerRefused in place of the client's errors."""
    try:
        yield
    except _AWAY as error:
        raise BrokerAway(f"the broker does not answer: {error}") from error
    except redis.RedisError as error:
        if str(error).startswith(_CANNOT_NOW):
            raise BrokerAway(f"the broker cannot serve now: {error}") from error
        raise BrokerRefused(f"the broker refused: {error}") from error

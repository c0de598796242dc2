"""The broker, as the settings name it: where settings and streams meet."""

from __future__ import annotations

import structlog

from earshot.contracts.code import CODE_BYTES
from earshot.settings import SettingsError, StreamSettings
from earshot.startup import load
from earshot.streams.errors import BrokerAway
from earshot.streams.policy import Policy
from earshot.streams.redis_streams import RedisStreams

# The rest of the broker's memory is for parked entries, states, the events stream and replicas.
BUDGET_SHARE = 0.6

log = structlog.get_logger(__name__)


def policy_of(settings: StreamSettings) -> Policy:
    """Returns the numbers the deployment agreed on."""
    return Policy(
        key_prefix=settings.key_prefix,
        partitions=settings.partitions,
        context_bytes=(settings.window_patches - 1) * CODE_BYTES,
        budget_bytes=settings.stream_budget_mb * 1024 * 1024,
        guest_retention_s=settings.guest_retention_s,
    )


def connect(settings: StreamSettings) -> RedisStreams:
    """Returns the streams on the broker of the settings; a broker that is away is no error here.

    Raises:
        SettingsError: The broker answers, and its memory does not suit the streams.
    """
    streams = RedisStreams(settings.redis_url, policy_of(settings))
    try:
        check_memory(settings.stream_budget_mb, *streams.memory_limit())
    except BrokerAway as error:
        log.warning("the broker is away", error=str(error))
    return streams


def check_memory(budget_mb: int, maxmemory_bytes: int, eviction: str) -> None:
    """Refuses a broker that would throw streams away, or cannot hold the budgets beside the rest.

    Args:
        budget_mb: EARSHOT_STREAM_BUDGET_MB.
        maxmemory_bytes: The broker's limit; 0 for none.
        eviction: Its maxmemory-policy.

    Raises:
        SettingsError: It has a limit, and another policy than noeviction, or the budget is more
            than 60 % of it.
    """
    if not maxmemory_bytes:
        return
    if eviction != "noeviction":
        raise SettingsError(
            f"EARSHOT_REDIS_URL: the broker's maxmemory-policy is {eviction}, "
            "which throws whole streams away; it must be noeviction"
        )
    allowed_mb = int(maxmemory_bytes * BUDGET_SHARE / 2**20)
    if budget_mb > allowed_mb:
        raise SettingsError(
            f"EARSHOT_STREAM_BUDGET_MB={budget_mb}: must be at most {allowed_mb}, "
            f"60 % of the broker's maxmemory of {maxmemory_bytes >> 20} MB"
        )


def connect_from_settings() -> RedisStreams:
    """Returns the streams on the broker that the environment names."""
    return connect(load(StreamSettings))

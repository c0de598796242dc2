"""The broker, as the settings name it: where settings and streams meet."""

from __future__ import annotations

from earshot.contracts.messages import CODE_BYTES
from earshot.settings import StreamSettings
from earshot.streams.policy import Policy
from earshot.streams.redis_streams import RedisStreams


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
    """Returns the streams on the broker of the settings. Connects at the first call."""
    return RedisStreams(settings.redis_url, policy_of(settings))


def connect_from_settings() -> RedisStreams:
    """Returns the streams on the broker that the environment names."""
    from earshot.startup import load

    return connect(load(StreamSettings))

"""Settings of the api service."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Annotated

from pydantic import AfterValidator, Field

from earshot.settings import DatabaseSettings, KeyPrefix, ObservabilitySettings, Port, RedisUrl


def _check_loopback(host: str) -> str:
    """Refuses an address that others can reach: nothing but the machine's border guards the api."""
    try:
        is_loopback = host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        is_loopback = False
    if not is_loopback:
        raise ValueError(
            "must be a loopback address such as 127.0.0.1, ::1 or localhost: "
            "the api has no access tokens yet, so it must not be reachable from other machines"
        )
    return host


class ApiSettings(DatabaseSettings, ObservabilitySettings):
    """What the api service reads.

    Attributes:
        api_host: Loopback address to listen on.
        api_port: Port; 0 takes a free one and logs it.
        redis_url: The broker of the live feed, which `/readyz` asks for; unset, the api needs none
            and has no live feed.
        key_prefix: First part of every key of the deployment.
        api_stream_clients: How many may follow the live feed at once.
        api_stream_heartbeat_s: Longest silence on the live feed; shorter than a proxy's patience.
    """

    api_host: Annotated[str, AfterValidator(_check_loopback)] = "127.0.0.1"
    api_port: Port = Field(default=8080)
    redis_url: RedisUrl | None = None
    key_prefix: KeyPrefix = "earshot:v1"
    api_stream_clients: int = Field(default=500, ge=1, le=100_000)
    api_stream_heartbeat_s: float = Field(default=15.0, gt=0, le=3600)

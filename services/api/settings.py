"""Settings of the api service."""

from __future__ import annotations

from pydantic import Field

from earshot.settings import (
    DatabaseSettings,
    KeyPrefix,
    ModelSettings,
    ObservabilitySettings,
    Port,
    RedisUrl,
    TaxonomySettings,
)
from services.api.guard import Access
from services.api.loopback import is_loopback


class ApiSettings(DatabaseSettings, TaxonomySettings, ModelSettings, ObservabilitySettings):
    """What the api service reads.

    Attributes:
        api_host: Address to listen on; beyond loopback, callers need a token.
        api_port: Port; 0 takes a free one and logs it.
        api_require_tokens: Whether callers need a token on loopback too.
        api_rate_per_s: Requests per second that one token may make, or one address without a valid
            one; for two seconds twice as many. Nobody is limited where no token is needed.
        api_max_body_bytes: The largest body of a request.
        redis_url: The broker of the live feed and of what is heard now, which `/readyz` asks for;
            unset, the api needs none and has neither.
        key_prefix: First part of every key of the deployment.
        partitions: Number of partitions of the deployment.
        window_patches: Patches that the frame-level model sees at once in the deployment: what is
            scored again is so with as many.
        api_stream_clients: How many may follow the live feed at once, and how many what is heard.
        api_stream_heartbeat_s: Longest silence on the live feed; shorter than a proxy's patience.
    """

    api_host: str = "127.0.0.1"
    api_port: Port = Field(default=8080)
    api_require_tokens: bool = False
    api_rate_per_s: float = Field(default=50.0, gt=0, le=100_000)
    api_max_body_bytes: int = Field(default=1_048_576, ge=1, le=1_073_741_824)
    redis_url: RedisUrl | None = None
    key_prefix: KeyPrefix = "earshot:v1"
    partitions: int = Field(default=4, ge=1, le=4096)
    window_patches: int = Field(default=10, ge=1, le=300)
    api_stream_clients: int = Field(default=500, ge=1, le=100_000)
    api_stream_heartbeat_s: float = Field(default=15.0, gt=0, le=3600)

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the address."""
        return is_loopback(self.api_host)

    @property
    def access(self) -> Access:
        """How the api is guarded."""
        return Access(
            asks_for_tokens=self.api_require_tokens or not self.is_loopback,
            has_open_metrics=self.is_loopback,
            is_for_this_machine=self.is_loopback and not self.api_require_tokens,
            rate_per_s=self.api_rate_per_s,
            max_body_bytes=self.api_max_body_bytes,
        )

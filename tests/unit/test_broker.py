from __future__ import annotations

import pytest

from earshot.broker import check_memory, policy_of
from earshot.settings import SettingsError, StreamSettings


def test_the_policy_follows_the_settings() -> None:
    settings = StreamSettings(key_prefix="x", partitions=7, window_patches=5, stream_budget_mb=100)
    policy = policy_of(settings)
    assert (policy.key_prefix, policy.partitions) == ("x", 7)
    assert policy.context_bytes == 4 * 128
    assert policy.budget_bytes == 100 * 2**20


@pytest.mark.parametrize(
    ("budget_mb", "maxmemory_mb", "eviction"),
    [(600, 1000, "noeviction"), (10_000, 0, "noeviction"), (10_000, 0, "allkeys-lru")],
)
def test_a_broker_that_suits_is_accepted(budget_mb: int, maxmemory_mb: int, eviction: str) -> None:
    check_memory(budget_mb, maxmemory_mb * 2**20, eviction)


@pytest.mark.parametrize(
    ("budget_mb", "eviction", "reason"),
    [
        (601, "noeviction", "EARSHOT_STREAM_BUDGET_MB=601: must be at most 600"),
        (10, "volatile-lru", "maxmemory-policy is volatile-lru"),
    ],
)
def test_a_broker_that_would_lose_entries_stops_the_start(
    budget_mb: int, eviction: str, reason: str
) -> None:
    with pytest.raises(SettingsError, match=reason):
        check_memory(budget_mb, 1000 * 2**20, eviction)

from __future__ import annotations

import pytest

from earshot.broker import check_budget, policy_of
from earshot.settings import SettingsError, StreamSettings


def test_the_policy_follows_the_settings() -> None:
    settings = StreamSettings(key_prefix="x", partitions=7, window_patches=5, stream_budget_mb=100)
    policy = policy_of(settings)
    assert (policy.key_prefix, policy.partitions) == ("x", 7)
    assert policy.context_bytes == 4 * 128
    assert policy.budget_bytes == 100 * 2**20


@pytest.mark.parametrize(("budget_mb", "maxmemory_mb"), [(600, 1000), (10_000, 0)])
def test_a_budget_that_fits_is_accepted(budget_mb: int, maxmemory_mb: int) -> None:
    check_budget(budget_mb, maxmemory_mb * 2**20)


def test_a_budget_the_broker_cannot_hold_stops_the_start() -> None:
    with pytest.raises(SettingsError, match="EARSHOT_STREAM_BUDGET_MB=601: must be at most 600"):
        check_budget(601, 1000 * 2**20)

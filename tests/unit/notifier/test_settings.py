from __future__ import annotations

import pytest

from earshot.settings import SettingsError
from earshot.startup import load
from services.notifier.settings import LEASE_S, NotifierSettings


def test_an_entry_is_claimed_before_a_lease_ends_and_that_before_silence_ends_an_event() -> None:
    settings = NotifierSettings()

    assert settings.claim_idle_s < settings.notifier_lease_s == LEASE_S < settings.close_after_s
    assert settings.close_after_s == 60


@pytest.mark.parametrize(("lease_s", "claim_idle_s"), [(60, 5), (10, 10), (10, 11)])
def test_waits_that_do_not_end_one_before_the_other_are_refused(
    lease_s: float, claim_idle_s: float
) -> None:
    with pytest.raises(SettingsError) as caught:
        load(NotifierSettings, notifier_lease_s=lease_s, claim_idle_s=claim_idle_s)

    assert str(caught.value) == (
        f"EARSHOT_NOTIFIER_LEASE_S={lease_s}: must be more than "
        f"EARSHOT_CLAIM_IDLE_S={claim_idle_s} and less than EARSHOT_CLOSE_AFTER_S=60"
    )


def test_a_lease_must_end_before_silence_does() -> None:
    with pytest.raises(SettingsError, match="less than EARSHOT_CLOSE_AFTER_S=9$"):
        load(NotifierSettings, close_after_s=9)

    assert load(NotifierSettings, close_after_s=2.5, notifier_lease_s=2, claim_idle_s=1)


@pytest.mark.parametrize("lease_s", [0, -1])
def test_a_lease_that_never_lasts_is_refused(lease_s: float) -> None:
    with pytest.raises(SettingsError, match="^EARSHOT_NOTIFIER_LEASE_S=.* above 0"):
        load(NotifierSettings, notifier_lease_s=lease_s)

"""Each process in turn is killed while sound goes through: the events stay the same."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.e2e.live import Live, Outcomes, assert_same, wait_until

pytestmark = pytest.mark.e2e

PROCESSES = ("broker", "modelserver", "features", "classifier", "notifier", "api")
KILLED_AFTER_MESSAGES = 20  # of about 85 that are worked off in the end


@pytest.mark.parametrize("name", PROCESSES)
def test_events_are_the_same_when_a_process_is_killed(
    live: Live, recordings: Sequence[Path], undisturbed: Outcomes, name: str
) -> None:
    live.play(name, recordings, speed="8")
    wait_until(lambda: live.num_worked_off(name) >= KILLED_AFTER_MESSAGES, "some are worked off")
    killed = live.kill(name)
    live.finish()
    assert live.num_worked_off(name) > KILLED_AFTER_MESSAGES
    assert live.pid(name) not in {0, killed}
    assert_same(live.outcomes(name, recordings), undisturbed)

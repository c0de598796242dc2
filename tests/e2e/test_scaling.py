from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.e2e.live import Live, Outcomes, assert_same, wait_until

pytestmark = pytest.mark.e2e


def test_events_are_the_same_when_replicas_come_and_go(
    live: Live, recordings: Sequence[Path], undisturbed: Outcomes
) -> None:
    live.play("scaled", recordings, speed="6")
    wait_until(lambda: live.num_worked_off("scaled") >= 10, "10 messages")
    for name in ("features", "classifier"):
        live.supervisor.scale(name, 3)
    wait_until(lambda: live.pid("features-3") and live.pid("classifier-3"), "three of each run")
    wait_until(lambda: live.num_worked_off("scaled") >= 50, "50 messages")
    for name in ("features", "classifier"):
        live.supervisor.scale(name, 1)
    live.finish()
    wait_until(lambda: "-3" not in "".join(live.supervisor.processes), "one of each runs")
    assert_same(live.outcomes("scaled", recordings), undisturbed)

from __future__ import annotations

import pytest

from services.capture.pace import Pace
from tests.unit.capture.conftest import FakeTime


@pytest.mark.parametrize(("speed", "due_s"), [(1.0, 2.0), (4.0, 0.5), (0.5, 4.0)])
def test_sound_is_due_when_it_would_have_been_heard(
    fake_time: FakeTime, speed: float, due_s: float
) -> None:
    pace = Pace(speed, fake_time, fake_time)
    assert pace.wait(32_000)
    assert fake_time.now_s == 100 + due_s


def test_delays_do_not_add_up(fake_time: FakeTime) -> None:
    pace = Pace(1.0, fake_time, fake_time)
    for second in range(1, 11):
        fake_time.now_s += 0.3
        pace.wait(second * 16_000)
    assert fake_time.now_s == pytest.approx(110)


def test_what_is_late_is_due_at_once(fake_time: FakeTime) -> None:
    pace = Pace(1.0, fake_time, fake_time)
    fake_time.now_s += 60
    assert pace.wait(16_000)
    assert fake_time.waits_s == [0]


def test_without_a_speed_nothing_waits(fake_time: FakeTime) -> None:
    assert Pace(None, fake_time, fake_time).wait(16_000_000)
    assert fake_time.waits_s == []


@pytest.mark.parametrize("speed", [1.0, None])
def test_a_stop_ends_the_wait(fake_time: FakeTime, speed: float | None) -> None:
    fake_time.stop()
    assert not Pace(speed, fake_time, fake_time).wait(16_000)

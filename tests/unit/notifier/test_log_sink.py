from __future__ import annotations

from structlog.testing import capture_logs

from earshot.events.event import EventState, SoundEvent
from services.notifier.sinks import SINKS

EVENT = SoundEvent(
    event_id="2c7a",
    revision=1,
    state=EventState.STARTED,
    device_id="kitchen",
    session_id="01J",
    site="",
    label="Dog",
    category="animal",
    priority="normal",
    onset_sample=0,
    offset_sample=15_360,
    onset_at_ns=1_777_605_127_960_000_123,
    offset_at_ns=1_777_605_128_920_000_123,
    peak_score=0.93994140625,
    mean_score=0.5,
    level_dbfs=-21.4375,
)


def test_a_revision_is_one_line() -> None:
    with capture_logs() as lines:
        SINKS["log"]().send(EVENT)

    assert lines == [
        {
            "event": "sound event",
            "log_level": "info",
            "id": "2c7a.1",
            "state": "started",
            "device": "kitchen",
            "label": "Dog",
            "priority": "normal",
            "onset_at": "2026-05-01T03:12:07.960000Z",
            "offset_at": "2026-05-01T03:12:08.920000Z",
            "peak_score": 0.94,
            "level_dbfs": -21.4,
        }
    ]

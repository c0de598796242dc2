"""One line in the log per revision."""

from __future__ import annotations

import structlog

from earshot.events.cloud_event import utc_text
from earshot.events.event import SoundEvent

log = structlog.get_logger(__name__)


class LogSink:
    """Writes each revision to the log of the process."""

    def send(self, event: SoundEvent) -> None:
        """See `Sink.send`."""
        log.info(
            "sound event",
            id=event.revision_id,
            state=event.state.value,
            device=event.device_id,
            label=event.label,
            priority=event.priority,
            onset_at=utc_text(event.onset_at_ns),
            offset_at=utc_text(event.offset_at_ns),
            peak_score=round(event.peak_score, 3),
            level_dbfs=round(event.level_dbfs, 1),
        )

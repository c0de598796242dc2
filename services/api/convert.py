"""From what the database holds to what the api answers with."""

from __future__ import annotations

from dataclasses import asdict

from earshot.audio.params import SAMPLE_RATE_HZ
from earshot.events import cloud_event
from earshot.events.event import SoundEvent
from earshot.store.event_queries import EventHistory
from services.api import schemas

_SECOND_DIGITS = 4  # a sample is 0.0000625 s; `onset_sample` is exact
SCORE_DIGITS = 4  # scores travel as float16, which holds three to four
LEVEL_DIGITS = 1


def event_answer(event: SoundEvent) -> schemas.Event:
    """Returns a revision as the api shows it."""
    return schemas.Event(
        **{
            **asdict(event),
            "state": event.state.value,
            "granularity": event.granularity.value,
            "origin": event.origin.value,
            "end_reason": event.end_reason.value,
            "models": list(event.models),
            "onset_at": cloud_event.utc_text(event.onset_at_ns),
            "offset_at": cloud_event.utc_text(event.offset_at_ns),
            "onset_s": _seconds(event.onset_sample),
            "offset_s": _seconds(event.offset_sample),
            "duration_s": _seconds(event.offset_sample - event.onset_sample),
            "quiet_s": _seconds(event.quiet_samples),
            "peak_score": round(event.peak_score, SCORE_DIGITS),
            "mean_score": round(event.mean_score, SCORE_DIGITS),
            "level_dbfs": round(event.level_dbfs, LEVEL_DIGITS),
        }
    )


def history_answer(history: EventHistory) -> schemas.EventHistory:
    """Returns an event and all its revisions as the api shows them."""
    revisions = [event_answer(cloud_event.decode(body)) for body in history.revisions]
    newest = event_answer(history.event)
    return schemas.EventHistory(**newest.model_dump(), revisions=revisions)


def _seconds(num_samples: int) -> float:
    return round(num_samples / SAMPLE_RATE_HZ, _SECOND_DIGITS)

"""Events and coverage of days that are long over, so that no test meets a midnight."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from earshot.events.event import SoundEvent
from earshot.events.stretch import Coverage, Stretch
from earshot.store.ledger import Ledger
from earshot.store.progress import NO_SEQUENCE, Progress, Step
from tests.browser.bench import Bench
from tests.browser.sounds import SECOND_NS, make_event

COVERED = 2  # partition of the sessions that coverage is of
COVERED_SESSION = "01JZ8Q4T7M3W5Y9X2C6V1B0N8M"


def at(text: str) -> int:
    """Nanoseconds since 1970 of `2026-05-01T03:12:07+02:00`."""
    return int(datetime.fromisoformat(text).timestamp()) * SECOND_NS


def event_at(text: str, label: str, device: str, lasts_s: float = 3, **fields: Any) -> SoundEvent:
    """An event that began at a moment and has ended."""
    onset_at_ns = at(text)
    moments = {"onset_at_ns": onset_at_ns, "offset_at_ns": onset_at_ns + int(lasts_s * SECOND_NS)}
    return make_event(label, device, lasts_s=lasts_s, **moments, **fields)


def cover(bench: Bench, device: str, *parts: tuple[int, int, str, str]) -> None:
    """Stores what was heard of a device: from, to, kind and reason of each stretch."""
    stretches = tuple(
        Stretch(begin_ns, end_ns, Coverage(kind), reason)
        for begin_ns, end_ns, kind, reason in parts
    )
    key = (device, COVERED_SESSION)
    newest_ns = max(each.end_at_ns for each in stretches)
    progress = Progress(0, {})
    step = Step(key, NO_SEQUENCE, progress, newest_ns, stretches[0].begin_at_ns, covered=stretches)
    Ledger(bench.engine, COVERED).commit([step], [])

"""Events and steps with only what a test cares about."""

from __future__ import annotations

from typing import Any

from earshot.events.event import EventState, SoundEvent, event_id
from earshot.store.progress import NO_SEQUENCE, Progress, Step

SECOND_NS = 1_000_000_000
RATE_HZ = 16_000


def event(
    label: str = "Dog", device: str = "kitchen", onset_s: int = 10, end_s: int = 12, **fields: Any
) -> SoundEvent:
    """A first revision of an event, ended unless said otherwise."""
    values: dict[str, Any] = {
        "event_id": event_id(device, "01J", label, onset_s * RATE_HZ),
        "revision": 1,
        "state": EventState.ENDED,
        "device_id": device,
        "session_id": "01J",
        "site": "",
        "label": label,
        "category": "animal",
        "priority": "normal",
        "onset_sample": onset_s * RATE_HZ,
        "offset_sample": end_s * RATE_HZ,
        "onset_at_ns": onset_s * SECOND_NS,
        "offset_at_ns": end_s * SECOND_NS,
        "peak_score": 0.75,
        "mean_score": 0.5,
        "level_dbfs": -20.5,
        "models": ("embedder@1", "model@1"),
        "taxonomy_hash": "0123456789abcdef",
    }
    return SoundEvent(**(values | fields))


def step(
    device: str = "kitchen",
    to: int = 0,
    previous: int = NO_SEQUENCE,
    heard_at_ns: int = 5 * SECOND_NS,
    state: dict[str, Any] | None = None,
) -> Step:
    """A session's step from one sequence to another."""
    return Step((device, "01J"), previous, Progress(to, state or {}), heard_at_ns)

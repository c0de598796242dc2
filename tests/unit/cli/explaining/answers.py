"""What the API answers, made up."""

from __future__ import annotations

from typing import Any

BEGIN_S = 7.04


def at(patch: int) -> str:
    """When a patch begins: 2026-05-01T03:12:07.04Z is that of patch 0."""
    seconds = BEGIN_S + patch * 0.96
    minute, second = divmod(seconds, 60)
    return f"2026-05-01T03:{12 + int(minute):02d}:{second:09.6f}Z"


def explanation(scores: list[float], onset: int, offset: int, **changes: Any) -> dict[str, Any]:
    """Of an event from one patch up to another one."""
    event = {
        "event_id": "5f0c",
        "device_id": "kitchen",
        "label": "Siren",
        "state": "ended",
        "onset_at": at(onset),
        "offset_at": at(offset),
        "onset_sample": onset * 15_360,
        "offset_sample": offset * 15_360,
        "peak_score": max(scores),
    }
    on_score = {
        "name": "on_score",
        "value": 0.5,
        "stricter": "higher",
        "source": "label Siren, t:1",
    }
    curve = {"at": [at(patch) for patch in range(len(scores))], "score": scores}
    return {
        "event": event,
        "thresholds": [on_score],
        "curve": curve,
        "curve_missing_because": "",
        "reasons": [
            {"at": at(onset), "kind": "started", "sentence": "It started."},
            {"at": None, "kind": "peak", "sentence": "Its highest score was high."},
        ],
        "same_taxonomy": True,
        "notes": [],
        **changes,
    }

"""Coverage of a device as the api shows it."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from earshot.events.cloud_event import utc_text
from earshot.events.stretch import Coverage, Stretch
from earshot.events.timeline import Timeline

NS_PER_S = 1_000_000_000
_STRETCH: dict[str, Any] = {
    "from": "2026-05-01T02:59:58.500000Z",
    "to": "2026-05-01T03:00:00.000000Z",
    "kind": "lost",
    "reason": "overflow",
}
_HEARD: dict[str, Any] = {
    "from": "2026-05-01T02:00:00.000000Z",
    "to": "2026-05-01T02:59:58.500000Z",
    "kind": "heard",
    "reason": "",
}
_COVERAGE: dict[str, Any] = {
    "device": "kitchen",
    "from": "2026-05-01T02:00:00.000000Z",
    "to": "2026-05-01T03:00:00.000000Z",
    "heard_s": 3598.5,
    "silent_s": 0.0,
    "lost_s": 1.5,
    "unknown_s": 0.0,
    "reasons": {"overflow": 1.5},
    "resolution_s": 0.0,
    "stretches": [_HEARD, _STRETCH],
}


def _example(value: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [value]})


class CoverageStretch(BaseModel):
    """A stretch of time of which one thing is known."""

    model_config = _example(_STRETCH)

    from_: str = Field(alias="from", description="When it begins: RFC 3339, UTC.")
    to: str = Field(description="When it ends; the next one begins there.")
    kind: Literal["heard", "silent", "lost", "absent"] = Field(
        description="`heard`: its sound was scored. `silent`: so it was, and there was none but "
        "digital silence. `lost`: there was sound, and it never got here. `absent`: there was no "
        "source, or it said that there was nothing to hear."
    )
    reason: str = Field(
        description="Why it is lost or absent, a word such as `overflow`, `poison`, `gap`, "
        "`stalled`; `no_source`, `stopped`, `paused`, `refused`, `not_yet`. Empty otherwise."
    )


class DeviceCoverage(BaseModel):
    """What was heard of a device, and what was not. The parts add up to the time asked for."""

    model_config = _example(_COVERAGE)

    device: str = Field(description="The device.")
    from_: str = Field(alias="from", description="Where it begins: RFC 3339, UTC.")
    to: str = Field(description="Where it ends.")
    heard_s: float = Field(ge=0, description="Seconds whose sound was scored, silence left out.")
    silent_s: float = Field(ge=0, description="Seconds of digital silence.")
    lost_s: float = Field(ge=0, description="Seconds whose sound never got here.")
    unknown_s: float = Field(ge=0, description="Seconds without a source.")
    reasons: dict[str, float] = Field(description="Seconds lost or absent, by reason.")
    resolution_s: float = Field(
        ge=0,
        description="0: every stretch is exact. Else there were too many: so long are the pieces "
        "that each show one kind, `lost` if any of it was, otherwise what it was mostly.",
    )
    stretches: list[CoverageStretch] = Field(description="In order, without holes: 2,000 at most.")


def coverage_answer(
    device_id: str, begin_at_ns: int, end_at_ns: int, found: Timeline
) -> DeviceCoverage:
    """Returns a timeline as the api shows it."""
    covered_s = {kind: _seconds(found.covered_ns[kind]) for kind in Coverage}
    return DeviceCoverage.model_validate(
        {
            "device": device_id,
            "from": utc_text(begin_at_ns),
            "to": utc_text(end_at_ns),
            "heard_s": covered_s[Coverage.HEARD],
            "silent_s": covered_s[Coverage.SILENT],
            "lost_s": covered_s[Coverage.LOST],
            "unknown_s": covered_s[Coverage.ABSENT],
            "reasons": {why: _seconds(ns) for why, ns in sorted(found.reasons_ns.items())},
            "resolution_s": _seconds(found.resolution_ns),
            "stretches": [_stretch(stretch) for stretch in found.stretches],
        }
    )


def _stretch(stretch: Stretch) -> dict[str, str]:
    return {
        "from": utc_text(stretch.begin_at_ns),
        "to": utc_text(stretch.end_at_ns),
        "kind": stretch.coverage.value,
        "reason": stretch.reason,
    }


def _seconds(length_ns: int) -> float:
    return length_ns / NS_PER_S  # whole microseconds: exact to the last digit shown

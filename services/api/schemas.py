"""What the api answers with: names, units, ranges and examples, as OpenAPI shows them."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

_EVENT_ID = "5f0c9b1e2a7d4c3890ab12cd34ef5678"
_EVENT_EXAMPLE: dict[str, Any] = {
    "event_id": _EVENT_ID,
    "revision": 3,
    "state": "ended",
    "device_id": "kitchen",
    "session_id": "01JZ8Q4T7M3W5Y9X2C6V1B0N8K",
    "site": "home",
    "label": "Smoke alarm",
    "category": "safety",
    "priority": "critical",
    "onset_at": "2026-05-01T03:12:07.040000Z",
    "offset_at": "2026-05-01T03:12:31.040000Z",
    "onset_s": 67.2,
    "offset_s": 91.2,
    "duration_s": 24.0,
    "quiet_s": 1.92,
    "onset_sample": 1075200,
    "offset_sample": 1459200,
    "peak_score": 0.9412,
    "mean_score": 0.8731,
    "level_dbfs": -21.4,
    "scene": "",
    "suppressed_by": "",
    "models": ["vggish-compact@1", "earshot-default@1"],
    "taxonomy_hash": "9a31c04be52d",
    "granularity": "segment",
    "origin": "model",
    "end_reason": "quiet",
    "gap_reason": "",
}


EndReason: TypeAlias = Literal[
    "", "quiet", "gap", "session_end", "max_duration", "taxonomy_changed", "source_gone"
]


def _example(value: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [value]})


class Event(BaseModel):
    """A sound event in one of its revisions; the names are those of the events stream.

    Seconds and samples count from the start of the device's session; times of day are UTC.
    """

    model_config = _example(_EVENT_EXAMPLE)

    event_id: str = Field(description="32 hexadecimal digits, the same in all revisions.")
    revision: int = Field(ge=1, description="1, 2, … one for each change.")
    state: Literal["started", "updated", "ended"] = Field(description="`ended` is final.")
    device_id: str = Field(description="The device that heard it.")
    session_id: str = Field(description="The run of the device's source (ULID).")
    site: str = Field(description="Where the device stands; empty when nobody said.")
    label: str = Field(description="What it is, in the taxonomy's words.")
    category: str = Field(description="The label's category.")
    priority: str = Field(description="The label's priority.")
    onset_at: str = Field(description="When it began: RFC 3339, UTC.")
    offset_at: str = Field(description="When it ended; until `ended`, the end known so far.")
    onset_s: float = Field(ge=0, description="Seconds from the session's start to the onset.")
    offset_s: float = Field(ge=0, description="Seconds from the session's start to the offset.")
    duration_s: float = Field(ge=0, description="Seconds from onset to offset.")
    quiet_s: float = Field(ge=0, description="How much of that the label was not on: pauses.")
    onset_sample: int = Field(ge=0, description="First sample at 16 kHz: the exact onset.")
    offset_sample: int = Field(ge=0, description="First sample after the end, at 16 kHz.")
    peak_score: float = Field(ge=0, le=1, description="Highest score of a patch.")
    mean_score: float = Field(ge=0, le=1, description="Mean score of the patches it lasted.")
    level_dbfs: float = Field(description="Highest RMS of its patches, dB below full scale.")
    scene: str = Field(description="The scene it happened in; empty without one.")
    suppressed_by: str = Field(description="Id of the event that suppressed it; empty if none.")
    models: list[str] = Field(description="name@version of embedder and frame-level model.")
    taxonomy_hash: str = Field(description="Hash of the taxonomy that decided.")
    granularity: Literal["clip", "segment", "frame"] = Field(description="What it speaks about.")
    origin: Literal["model", "human"] = Field(description="Who says so.")
    end_reason: EndReason = Field(description="Why it ended; empty while it lasts.")
    gap_reason: str = Field(description="Why sound was lost, if that ended it and was said.")


class EventPage(BaseModel):
    """Some events, newest onset first."""

    model_config = _example({"events": [_EVENT_EXAMPLE], "next": "WzE3Nzc2MDUxMjcwNDAw"})

    events: list[Event] = Field(description="Each in its newest revision.")
    next: str | None = Field(description="Cursor of the next page; null on the last one.")


class EventHistory(Event):
    """A sound event as it is now, and how it became so."""

    model_config = _example({**_EVENT_EXAMPLE, "revisions": [_EVENT_EXAMPLE]})

    revisions: list[Event] = Field(description="All its revisions, oldest first.")


class Health(BaseModel):
    """That the process is alive."""

    model_config = _example({"status": "alive"})

    status: Literal["alive"]


class Readiness(BaseModel):
    """That everything the answers need is there."""

    model_config = _example({"status": "ready", "checked": ["database", "broker"]})

    status: Literal["ready"]
    checked: list[str] = Field(description="What was asked.")


class Index(BaseModel):
    """What is here and where."""

    model_config = _example(
        {"name": "earshot", "version": "0.1.0", "paths": {"events": "/v1/events"}}
    )

    name: Literal["earshot"]
    version: str
    paths: dict[str, str] = Field(description="What each path is for.")

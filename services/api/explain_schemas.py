"""What the api answers with about one event: why it is one, and why it is as it is."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.api.schemas import _EVENT_EXAMPLE, Event

_THRESHOLD: dict[str, Any] = {
    "name": "on_score",
    "value": 0.5,
    "stricter": "higher",
    "source": "label Siren, config/taxonomy.yaml:41",
}
_GAP: dict[str, Any] = {"from": "2026-05-01T03:12:40.640000Z", "to": "2026-05-01T03:12:45.440000Z"}
_MEMBER: dict[str, Any] = {"class": "Smoke detector, smoke alarm", "score": [0.0312, 0.9412]}
_CURVE: dict[str, Any] = {
    "from": "2026-05-01T03:12:06.080000Z",
    "patch_s": 0.96,
    "model": "earshot-default@1",
    "at": ["2026-05-01T03:12:06.080000Z", "2026-05-01T03:12:07.040000Z"],
    "score": [0.0312, 0.9412],
    "level_dbfs": [-52.1, -21.4],
    "members": [_MEMBER],
    "gaps": [_GAP],
}
_REASON: dict[str, Any] = {
    "at": "2026-05-01T03:12:07.040000Z",
    "kind": "started",
    "sentence": "It started when 2 of 3 patches reached on_score 0.5: 0.71, 0.94.",
}


def _example(value: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [value]}, populate_by_name=True)


class Threshold(BaseModel):
    """One setting that decides about the event's label, or its scene."""

    model_config = _example(_THRESHOLD)

    name: str = Field(description="As in the taxonomy file.")
    value: float = Field(description="What is in force at the device.")
    stricter: Literal["higher", "lower", ""] = Field(
        description="Which way makes fewer events; empty where it is no question of more or fewer."
    )
    source: str = Field(description="Who set it, and where: label, defaults, override, built in.")


class Gap(BaseModel):
    """A stretch of which nothing was kept, because nothing was heard."""

    model_config = _example(_GAP)

    from_: str = Field(
        validation_alias="from", serialization_alias="from", description="Its begin: RFC 3339, UTC."
    )
    to: str = Field(description="Its end.")


class MemberCurve(BaseModel):
    """The scores of one class of the model that the label gathers."""

    model_config = _example(_MEMBER)

    class_: str = Field(
        validation_alias="class", serialization_alias="class", description="Its display name."
    )
    score: list[float] = Field(description="One for each of the curve's patches.")


class Curve(BaseModel):
    """Scores around the event, patch by patch, scored again from the kept embeddings."""

    model_config = _example(_CURVE)

    from_: str = Field(
        validation_alias="from",
        serialization_alias="from",
        description="When the first patch begins: RFC 3339, UTC.",
    )
    patch_s: float = Field(description="How long each patch counts, seconds.")
    model: str = Field(description="name@version that scored it now.")
    at: list[str] = Field(description="When each patch begins; never empty.")
    score: list[float] = Field(description="Of the label, 0 to 1: the highest of its classes.")
    level_dbfs: list[float] = Field(description="RMS of each patch, dB below full scale.")
    members: list[MemberCurve] = Field(
        description="The classes behind the score, those that got highest first; eight at most."
    )
    gaps: list[Gap] = Field(description="Where sound is missing between the patches.")


class Reason(BaseModel):
    """One thing that happened to the event, and why."""

    model_config = _example(_REASON)

    at: str | None = Field(description="When: RFC 3339, UTC; null when it is not known.")
    kind: Literal["started", "peak", "ended", "lasts", "masked", "suppressed", "free", "gap"] = (
        Field(
            description="`masked`: a label that masks it began to suppress it; `suppressed`: a "
            "more special label did, whose parent it is; `free`: none does any more; `lasts`: it "
            "has not ended."
        )
    )
    sentence: str = Field(description="For people.")


class Explanation(BaseModel):
    """Why an event is one: its scores, what they were held against, and what came of it."""

    model_config = _example(
        {
            "event": _EVENT_EXAMPLE,
            "thresholds": [_THRESHOLD],
            "curve": _CURVE,
            "curve_missing_because": "",
            "reasons": [_REASON],
            "same_taxonomy": True,
            "notes": [],
        }
    )

    event: Event = Field(description="In its newest revision.")
    thresholds: list[Threshold] = Field(
        description="As they are in force at the device now; none when the label is gone."
    )
    curve: Curve | None = Field(description="Null when it cannot be had.")
    curve_missing_because: str = Field(description="One sentence; empty when there is a curve.")
    reasons: list[Reason] = Field(description="In the order in which they came about.")
    same_taxonomy: bool = Field(
        description="Whether the taxonomy in force now is the one that decided then."
    )
    notes: list[str] = Field(
        description="Sentences about the answer itself, such as: the thresholds are today's, not "
        "those that decided; the model is another version than then."
    )

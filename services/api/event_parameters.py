"""Query parameters that say which events are asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from earshot.audio.params import SAMPLE_RATE_HZ
from earshot.events.event import EndReason, EventState, Granularity, Origin
from earshot.store.filter import EventFilter
from services.api.moment import Moment
from services.api.parameters import DeviceId, Label, PageQuery

Name = Annotated[str, StringConstraints(max_length=200)]
State = Literal["started", "updated", "ended"]
Priority = Literal["critical", "high", "normal", "low"]
Reason = Literal["quiet", "gap", "session_end", "max_duration", "taxonomy_changed", "source_gone"]

_IS_SUPPRESSED = {"no": False, "only": True, "any": None}
_Item = TypeVar("_Item")


def any_of(what: str) -> Any:
    """Returns the field of a filter that may be given several times."""
    return Field([], max_length=50, description=f"{what} Repeatable: any of them.")


class WhatQuery(BaseModel):
    """What events must be, but for their time; a filter left out asks for nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    device: list[DeviceId] = any_of("Heard by this device.")
    site: list[Name] = any_of("Heard at this site.")
    tag: list[Name] = any_of("Heard by a device that has this tag now.")
    label: list[Label] = any_of("With this label; a scene's name for how long it reigned.")
    category: list[Label] = any_of("Of this category; `scene` for scenes.")
    priority: list[Priority] = any_of("Of this priority: how severe its label is.")
    state: list[State] = any_of("In this state.")
    granularity: list[Literal["clip", "segment", "frame"]] = any_of("That speaks about this.")
    origin: list[Literal["model", "human"]] = any_of("Said by a model, or by a person.")
    scene: list[Name] = any_of("In this scene.")
    end_reason: list[Reason] = any_of("Ended for this reason.")
    suppressed: Literal["no", "only", "any"] = Field(
        "no",
        description="Events that another one suppresses, such as music under an alarm, are left "
        "out: `any` lists them too, `only` nothing else.",
    )
    min_score: float | None = Field(
        None, ge=0, le=1, description="With a peak score of at least this, 0 to 1."
    )
    max_score: float | None = Field(
        None, ge=0, le=1, description="With a peak score of at most this, 0 to 1."
    )
    min_duration_s: float | None = Field(
        None, ge=0, le=1e9, description="At least this long, up to the end known so far; seconds."
    )
    text: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="Part of the label, the device or the site, in upper or lower case.",
    )

    def what(self) -> EventFilter:
        """Returns what the database is asked for, at any time."""
        return EventFilter(
            device_ids=_once(self.device),
            labels=_once(self.label),
            min_score=self.min_score,
            states=tuple(EventState(state) for state in _once(self.state)),
            sites=_once(self.site),
            tags=_once(self.tag),
            categories=_once(self.category),
            priorities=_once(self.priority),
            granularities=tuple(Granularity(each) for each in _once(self.granularity)),
            origins=tuple(Origin(each) for each in _once(self.origin)),
            scenes=_once(self.scene),
            end_reasons=tuple(EndReason(each) for each in _once(self.end_reason)),
            is_suppressed=_IS_SUPPRESSED[self.suppressed],
            max_score=self.max_score,
            min_duration_samples=math.ceil((self.min_duration_s or 0) * SAMPLE_RATE_HZ),
            text=self.text or "",
        )


class EventQuery(PageQuery, WhatQuery):
    """Which events to list."""

    from_ns: Moment | None = Field(
        None,
        alias="from",
        description="That lasted beyond this moment, or still last (RFC 3339). What has ended "
        "began at most 25 hours before it: no label lasts longer, a scene may.",
        examples=["2026-05-01T03:00:00Z"],
    )
    to_ns: Moment | None = Field(
        None,
        alias="to",
        description="That began before this moment (RFC 3339).",
        examples=["2026-05-01T04:00:00Z"],
    )

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.from_ns is not None and self.to_ns is not None and self.from_ns >= self.to_ns:
            raise ValueError("from must be earlier than to")
        return self

    def filter(self) -> EventFilter:
        """Returns what the database is asked for."""
        return replace(self.what(), from_ns=self.from_ns, to_ns=self.to_ns)


def _once(values: Sequence[_Item]) -> tuple[_Item, ...]:
    """Returns the values without repeats: one that is given twice must not be looked for twice."""
    return tuple(dict.fromkeys(values))

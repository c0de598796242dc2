"""Query parameters of the lists, each with what it means and what is allowed."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from earshot.events.event import EventState
from earshot.store.filter import EventFilter
from services.api.moment import Moment

MAX_LIMIT = 500
MAX_ID_CHARACTERS = 128

DeviceId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,128}$")]
Label = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class PageQuery(BaseModel):
    """Which page of a list. Unknown parameters are refused: a misspelt filter must not pass."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: int = Field(50, ge=1, le=MAX_LIMIT, description="How many to list at most.")
    cursor: str | None = Field(
        None,
        max_length=1000,
        description="`next` of the page before, of the same filters; leave out for the first page.",
    )


class EventQuery(PageQuery):
    """Which events to list; a filter left out asks for nothing."""

    device: list[DeviceId] = Field(
        [], max_length=50, description="Heard by this device. Repeatable: by any of them."
    )
    label: list[Label] = Field(
        [], max_length=50, description="With this label. Repeatable: with any of them."
    )
    state: list[Literal["started", "updated", "ended"]] = Field(
        [], max_length=3, description="In this state. Repeatable: in any of them."
    )
    min_score: float | None = Field(
        None, ge=0, le=1, description="With a peak score of at least this, 0 to 1."
    )
    from_ns: Moment | None = Field(
        None,
        alias="from",
        description="That lasted beyond this moment, or still last (RFC 3339).",
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
        return EventFilter(
            device_ids=tuple(self.device),
            labels=tuple(self.label),
            from_ns=self.from_ns,
            to_ns=self.to_ns,
            min_score=self.min_score,
            states=tuple(EventState(state) for state in self.state),
        )

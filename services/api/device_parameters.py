"""Query parameters of the list of devices."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from earshot.store.device_state import DeviceState
from earshot.store.devices import REGISTERED, DeviceFilter
from services.api.moment import Moment
from services.api.parameters import PageQuery

_Site = Annotated[str, StringConstraints(max_length=100)]
_Tag = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class DeviceQuery(PageQuery):
    """Which devices to list; a filter left out asks for nothing."""

    site: list[_Site] = Field(
        [], max_length=50, description="At this site; empty: at none. Repeatable: at any of them."
    )
    tag: list[_Tag] = Field(
        [], max_length=50, description="With this tag. Repeatable: with any of them."
    )
    state: list[Literal["active", "disabled", "removed"]] = Field(
        [],
        max_length=3,
        description="In this state. Repeatable: in any of them. Left out: active or disabled.",
    )
    text: str | None = Field(
        None,
        min_length=1,
        max_length=100,
        description="With this in its id, its site or a tag; a to z in either case.",
    )
    last_heard_before_ns: Moment | None = Field(
        None,
        alias="last_heard_before",
        description="Not heard since this moment, or never (RFC 3339).",
        examples=["2026-05-01T03:00:00Z"],
    )

    def filter(self) -> DeviceFilter:
        """Returns what the database is asked for."""
        return DeviceFilter(
            sites=tuple(self.site),
            tags=tuple(self.tag),
            states=tuple(DeviceState(each) for each in self.state) or REGISTERED,
            text=self.text or "",
            last_heard_before_ns=self.last_heard_before_ns,
        )

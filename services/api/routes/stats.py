"""Counts of events by hour and label."""

from __future__ import annotations

import time
from difflib import get_close_matches
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo, available_timezones

from fastapi import APIRouter, Query
from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from earshot.store.statistics import count_by_quarter
from services.api.dependencies import Database
from services.api.event_parameters import WhatQuery
from services.api.hour_counts import hour_counts
from services.api.known_names import NamesCheck
from services.api.moment import Moment
from services.api.problems import declared
from services.api.statistics_schemas import HourCounts

router = APIRouter(prefix="/v1/stats", tags=["events"])

DAY_NS = 86_400 * 1_000_000_000
MAX_DAYS = 92


def _parse_zone(name: object) -> Any:
    if isinstance(name, ZoneInfo):
        return name
    known = available_timezones()
    if name not in known:
        nearest = get_close_matches(str(name), known, n=1)
        hint = f"; did you mean {nearest[0]}?" if nearest else ""
        raise ValueError(f"must be an IANA zone such as Europe/Berlin or UTC{hint}")
    return ZoneInfo(str(name))


Zone = Annotated[
    ZoneInfo, BeforeValidator(_parse_zone), WithJsonSchema({"type": "string", "maxLength": 64})
]


class StatsQuery(WhatQuery):
    """Which events to count, and in whose hours."""

    from_ns: Moment | None = Field(
        None,
        alias="from",
        description="That began at or after this moment (RFC 3339); left out, a day before `to`.",
        examples=["2026-05-01T00:00:00+02:00"],
    )
    to_ns: Moment | None = Field(
        None,
        alias="to",
        description=f"That began before this moment (RFC 3339), at most {MAX_DAYS} days later; "
        "left out, now.",
        examples=["2026-05-02T00:00:00+02:00"],
    )
    zone: Zone = Field(
        ZoneInfo("UTC"),
        validate_default=False,
        description="Whose hours are counted: an IANA zone.",
        examples=["Europe/Berlin"],
        json_schema_extra={"default": "UTC"},
    )

    def span_ns(self) -> tuple[int, int]:
        """Returns from and to."""
        to_ns = time.time_ns() if self.to_ns is None else self.to_ns
        return to_ns - DAY_NS if self.from_ns is None else self.from_ns, to_ns

    @model_validator(mode="after")
    def _check_span(self) -> Self:
        from_ns, to_ns = self.span_ns()
        if not 0 < to_ns - from_ns <= MAX_DAYS * DAY_NS or from_ns < 0:
            raise ValueError(
                f"from must be earlier than to, by {MAX_DAYS} days at most, and not before 1970"
            )
        return self


@router.get("", responses=declared(400, 422, 503))
def count_events(
    query: Annotated[StatsQuery, Query()], database: Database, refuse_unknown: NamesCheck
) -> HourCounts:
    """Counts the events that began in each hour, label by label: a heat map."""
    from_ns, to_ns = query.span_ns()
    wanted = query.what()
    refuse_unknown(query.label, query.category)
    counts = count_by_quarter(database, wanted, from_ns, to_ns)
    return hour_counts(counts, query.zone, from_ns, to_ns)

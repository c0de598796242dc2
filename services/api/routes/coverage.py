"""What was heard of a device, and what was not."""

from __future__ import annotations

import time
from typing import Annotated, Self

from fastapi import APIRouter, HTTPException, Path, Query
from pydantic import BaseModel, ConfigDict, Field, model_validator

from earshot.events.timeline import timeline
from earshot.store.coverage import device_stretches
from earshot.store.devices import get_device
from services.api.coverage_schemas import DeviceCoverage, coverage_answer
from services.api.dependencies import Database
from services.api.moment import Moment
from services.api.parameters import MAX_ID_CHARACTERS
from services.api.problem_handlers import shorten
from services.api.problems import declared

router = APIRouter(prefix="/v1/devices", tags=["devices"])

DAY_NS = 86_400 * 1_000_000_000
MAX_DAYS = 31
MAX_NS = 2**63 - 1


class CoverageQuery(BaseModel):
    """Of which time."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_ns: Moment | None = Field(
        None,
        alias="from",
        description="From this moment on (RFC 3339); left out, a day before `to`.",
        examples=["2026-05-01T00:00:00+02:00"],
    )
    to_ns: Moment | None = Field(
        None,
        alias="to",
        description=f"To before this moment (RFC 3339), at most {MAX_DAYS} days later; left out, "
        "now.",
        examples=["2026-05-02T00:00:00+02:00"],
    )

    def span_ns(self, now_ns: int) -> tuple[int, int]:
        """Returns from and to, in whole microseconds."""
        to_ns = now_ns if self.to_ns is None else self.to_ns
        from_ns = to_ns - DAY_NS if self.from_ns is None else self.from_ns
        return from_ns - from_ns % 1000, to_ns - to_ns % 1000

    @model_validator(mode="after")
    def _check_span(self) -> Self:
        from_ns, to_ns = self.span_ns(time.time_ns())
        if not 0 < to_ns - from_ns <= MAX_DAYS * DAY_NS or from_ns < 0 or to_ns > MAX_NS:
            raise ValueError(
                f"from must be earlier than to, by {MAX_DAYS} days at most, and both in the years "
                "1970 to 2262"
            )
        return self


@router.get("/{device_id}/coverage", responses=declared(404, 422, 503))
def get_coverage(
    device_id: Annotated[str, Path(description="Its `id`.", max_length=MAX_ID_CHARACTERS)],
    query: Annotated[CoverageQuery, Query()],
    database: Database,
) -> DeviceCoverage:
    """Tells what was heard of a device, what was lost and when there was nothing to hear."""
    if get_device(database, device_id) is None:
        raise HTTPException(404, f"no device with the id {shorten(device_id)} is registered")
    now_ns = time.time_ns()
    from_ns, to_ns = query.span_ns(now_ns)
    known = device_stretches(database, device_id, from_ns, to_ns)
    return coverage_answer(device_id, from_ns, to_ns, timeline(known, from_ns, to_ns, now_ns))

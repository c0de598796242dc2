"""Query parameters that say which scores of a device are asked for."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from services.api.event_parameters import any_of
from services.api.moment import Moment
from services.api.parameters import Label

MAX_RANGE_S = 3600
_NS_PER_S = 1_000_000_000


class ScoresQuery(BaseModel):
    """Which stretch of time, and which labels."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    from_ns: Moment = Field(
        alias="from",
        description="Patches that begin at this moment (RFC 3339) or later.",
        examples=["2026-05-01T03:12:00Z"],
    )
    to_ns: Moment = Field(
        alias="to",
        description="Patches that begin before this moment (RFC 3339); at most an hour after "
        "`from`.",
        examples=["2026-05-01T03:13:00Z"],
    )
    label: list[Label] = any_of("Of this label; of all when left out.")

    @model_validator(mode="after")
    def _check_range(self) -> Self:
        if not 0 <= self.from_ns < self.to_ns < 2**63:
            raise ValueError("from must be earlier than to, both from 1970 to 2262")
        if self.to_ns - self.from_ns > MAX_RANGE_S * _NS_PER_S:
            raise ValueError(f"from and to must be at most {MAX_RANGE_S} s apart")
        return self

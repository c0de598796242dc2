"""Query parameters that several routes have: names of things, and which page of a list."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

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

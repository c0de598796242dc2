"""The log of changes: who changed what."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from earshot.events.cloud_event import utc_text
from earshot.store.audit import list_audit
from earshot.store.errors import BadQuery
from services.api.auth import require
from services.api.dependencies import Database
from services.api.links import link_next
from services.api.parameters import PageQuery
from services.api.problems import declared

router = APIRouter(prefix="/v1/audit", tags=["audit"], dependencies=[require("admin")])

_MAX_ID_DIGITS = 18
_EXAMPLE: dict[str, Any] = {
    "at": "2026-05-01T03:12:31.040000Z",
    "who": "k3v9x2ab",
    "action": "device.update",
    "subject": "kitchen",
    "detail": {"site": "home"},
}


class Change(BaseModel):
    """One change."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    at: str = Field(description="When: RFC 3339, UTC.")
    who: str = Field(description="Id of the token it was asked with; `local` without one.")
    action: str = Field(description="What was done: the kind of thing, and the verb.")
    subject: str = Field(description="What it was done to.")
    detail: dict[str, Any] = Field(description="What else there is to know.")


class ChangePage(BaseModel):
    """Some changes, the newest first."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"changes": [_EXAMPLE], "next": "17"}]}
    )

    changes: list[Change] = Field(description="In the order in which they were made, backwards.")
    next: str | None = Field(description="Cursor of the next page; null on the last one.")


@router.get("", responses=declared(400, 422, 503))
def list_changes(
    query: Annotated[PageQuery, Query()], database: Database, request: Request, response: Response
) -> ChangePage:
    """Lists changes of devices and tokens, the newest first."""
    found = list_audit(database, query.limit + 1, _before_id(query.cursor))
    page = found[: query.limit]
    next_cursor = str(page[-1].id) if len(found) > query.limit else None
    link_next(request, response, next_cursor)
    changes = [
        Change(
            at=utc_text(each.at_ns),
            who=each.who,
            action=each.action,
            subject=each.subject,
            detail=each.detail,
        )
        for each in page
    ]
    return ChangePage(changes=changes, next=next_cursor)


def _before_id(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= _MAX_ID_DIGITS):
        raise BadQuery("cursor: not one of this list; leave it out for the first page")
    return int(cursor)

"""Events: the list with its filters, and one event with its revisions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response

from earshot.store import queries
from services.api.convert import event_answer, history_answer
from services.api.dependencies import Database
from services.api.links import link_next
from services.api.parameters import MAX_ID_CHARACTERS, EventQuery
from services.api.problem_handlers import shorten
from services.api.problems import declared
from services.api.schemas import EventHistory, EventPage

router = APIRouter(prefix="/v1/events", tags=["events"])


@router.get("", responses=declared(400, 422, 503))
def list_events(
    query: Annotated[EventQuery, Query()],
    database: Database,
    request: Request,
    response: Response,
) -> EventPage:
    """Lists events, newest onset first.

    Follow `next` (or the `Link` header) until it is null to see all of them once; events that
    begin meanwhile do not disturb the walk.
    """
    page = queries.list_events(database, query.filter(), query.limit, query.cursor)
    link_next(request, response, page.next_cursor)
    return EventPage(events=[event_answer(event) for event in page.events], next=page.next_cursor)


@router.get("/{event_id}", responses=declared(404, 422, 503))
def get_event(
    event_id: Annotated[str, Path(description="Its `event_id`.", max_length=MAX_ID_CHARACTERS)],
    database: Database,
) -> EventHistory:
    """Shows an event as it is now, and all its revisions."""
    history = queries.get_event(database, event_id)
    if history is None:
        raise HTTPException(404, f"no event has the id {shorten(event_id)}")
    return history_answer(history)

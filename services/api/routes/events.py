"""Events: the list with its filters, and one event with its revisions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response

from earshot.store import event_queries
from services.api.convert import event_answer, history_answer
from services.api.dependencies import Database
from services.api.event_parameters import EventQuery
from services.api.export import CSV, EXAMPLE_CSV, EXAMPLE_NDJSON, NDJSON, export
from services.api.known_names import NamesCheck
from services.api.links import link_next
from services.api.media_types import choose
from services.api.parameters import MAX_ID_CHARACTERS
from services.api.problem_handlers import shorten
from services.api.problems import declared
from services.api.schemas import EventHistory, EventPage

router = APIRouter(prefix="/v1/events", tags=["events"])

JSON = "application/json"
OFFERED = (JSON, CSV, NDJSON)


@router.get(
    "",
    response_model=EventPage,
    responses={
        **declared(400, 406, 422, 503),
        200: {
            "content": {
                CSV: {"schema": {"type": "string"}, "example": EXAMPLE_CSV},
                NDJSON: {"schema": {"type": "string"}, "example": EXAMPLE_NDJSON},
            }
        },
    },
)
def list_events(
    query: Annotated[EventQuery, Query()],
    database: Database,
    refuse_unknown: NamesCheck,
    request: Request,
    response: Response,
) -> EventPage | Response:
    """Lists events, newest onset first.

    Follow `next` (or the `Link` header) until it is null to see all of them once; events that
    begin meanwhile do not disturb the walk. Events that another one suppresses are left out unless
    `suppressed` says otherwise.

    With `Accept: text/csv` or `application/x-ndjson` the whole result is sent, or its newest
    `limit` events when that is given: a row or a line for each event, with the names of the JSON
    answer. In CSV, text that a spreadsheet would take for a formula begins with `'`.
    """
    media_type = choose(",".join(request.headers.getlist("accept")), OFFERED)
    if media_type is None:
        raise HTTPException(406, f"Accept: none of it is offered; there are {', '.join(OFFERED)}")
    wanted = query.filter()
    refuse_unknown(query.label, query.category)
    if media_type != JSON:
        limit = query.limit if "limit" in query.model_fields_set else None
        return export(database, wanted, query.cursor, limit, media_type)
    page = event_queries.list_events(database, wanted, query.limit, query.cursor)
    link_next(request, response, page.next_cursor)
    response.headers["Vary"] = "Accept"
    return EventPage(events=[event_answer(event) for event in page.events], next=page.next_cursor)


@router.get("/{event_id}", responses=declared(404, 422, 503))
def get_event(
    event_id: Annotated[str, Path(description="Its `event_id`.", max_length=MAX_ID_CHARACTERS)],
    database: Database,
) -> EventHistory:
    """Shows an event as it is now, and all its revisions."""
    history = event_queries.get_event(database, event_id)
    if history is None:
        raise HTTPException(404, f"no event has the id {shorten(event_id)}")
    return history_answer(history)

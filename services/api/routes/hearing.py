"""What each device hears now: scores, level, and how each label stands."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.api.auth import Asking, Caller
from services.api.dependencies import Keys, Listening
from services.api.event_parameters import any_of
from services.api.event_stream_response import EventStreamResponse
from services.api.hearing import BrokerMissing, HearingHub, TooManyListeners
from services.api.hearing_feed import HearingFeed
from services.api.hearing_schemas import Hearing
from services.api.keyring import Keyring
from services.api.live_access import until_over
from services.api.media_types import choose
from services.api.parameters import DeviceId
from services.api.problems import declared

router = APIRouter(prefix="/v1/hearing", tags=["devices"])

RETRY_AFTER_S = 5
MAX_DEVICES = 200
EVENT_STREAM = EventStreamResponse.media_type
OFFERED = ("application/json", EVENT_STREAM)
_EXAMPLE = """event: hearing
data: {"device_id":"kitchen","state":"hearing","level_dbfs":-31.2,…}

event: last
data: [{"device_id":"kitchen","at":"2026-05-01T03:12:07.960000Z",…}]

: heartbeat

"""


class HearingQuery(BaseModel):
    """Which devices to tell of."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    device: list[DeviceId] = any_of("This device.")
    limit: int = Field(
        50, ge=1, le=MAX_DEVICES, description="How many devices at most, in the order of their ids."
    )


@router.get(
    "",
    response_model=Hearing,
    responses={
        **declared(406, 422, 503),
        200: {"content": {EVENT_STREAM: {"schema": {"type": "string"}, "example": _EXAMPLE}}},
    },
)
async def hear(
    query: Annotated[HearingQuery, Query()],
    listening: Listening,
    request: Request,
    caller: Asking,
    keyring: Keys,
) -> Response:
    """Tells what each device hears now: level, classes, and why each label is an event or none.

    Nothing is kept, and nothing read while nobody asks: the first answer takes 1.2 seconds more,
    and a device appears with its next message, within 10 seconds if it is there.

    With `Accept: text/event-stream` it goes on, as server-sent events. `event: hearing`: a device
    of which something has changed, at most once a second. `event: last`: the last ten predictions.
    `event: status`: `{"broker": "away"}` while nobody knows what is heard, `{"broker": "back"}`
    afterwards. A slow reader gets less, and always the newest. There is nothing to resume.
    """
    media_type = choose(",".join(request.headers.getlist("accept")), OFFERED)
    if media_type is None:
        raise HTTPException(406, f"Accept: none of it is offered; there are {', '.join(OFFERED)}")
    if media_type == EVENT_STREAM:
        return _feed(query, listening, caller, keyring)
    try:
        picture = await listening.look(query.device, query.limit)
    except BrokerMissing:
        detail = "the broker does not answer: nobody knows what is heard"
        raise HTTPException(503, detail, {"Retry-After": str(RETRY_AFTER_S)}) from None
    headers = {"Vary": "Accept", "Cache-Control": "no-store"}
    return Response(picture.body, media_type=OFFERED[0], headers=headers)


def _feed(query: HearingQuery, listening: HearingHub, caller: Caller, keyring: Keyring) -> Response:
    try:
        listening.join()
    except TooManyListeners:
        raise HTTPException(
            503,
            "as many clients follow what is heard as EARSHOT_API_STREAM_CLIENTS allows; "
            f"try again in {RETRY_AFTER_S} seconds",
            {"Retry-After": str(RETRY_AFTER_S)},
        ) from None
    feed = HearingFeed(listening, query.device, query.limit)
    ended = partial(until_over, listening.ended, keyring, caller, listening.heartbeat_s)
    return EventStreamResponse(feed.chunks(), ended, listening.leave)

"""The live feed: every revision of every event as it is committed, as server-sent events."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

import anyio.to_thread
from fastapi import APIRouter, Header, HTTPException, Query
from pydantic import BaseModel, ConfigDict, Field

from services.api.auth import Asking
from services.api.dependencies import Keys, Live
from services.api.event_parameters import Name, Priority, any_of
from services.api.event_stream_response import EventStreamResponse
from services.api.known_names import NamesCheck
from services.api.live import TooManyClients
from services.api.live_access import until_over
from services.api.live_event import LiveFilter
from services.api.live_feed import LiveFeed
from services.api.parameters import DeviceId, Label
from services.api.problems import declared

router = APIRouter(prefix="/v1/stream", tags=["events"])

RETRY_AFTER_S = 5
_EXAMPLE = """id: 1777605151412-0
event: sound
data: {"specversion":"1.0","id":"5f0c9b1e2a7d4c3890ab12cd34ef5678.3",\
"source":"earshot/kitchen","type":"earshot.sound_event.v1.ended",\
"subject":"5f0c9b1e2a7d4c3890ab12cd34ef5678","time":"2026-05-01T03:12:31.040000Z",\
"datacontenttype":"application/json","data":{"label":"Smoke alarm","state":"ended",…}}

: heartbeat
id: 1777605166900-0

"""


class StreamQuery(BaseModel):
    """Which events to send; a filter left out asks for nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    device: list[DeviceId] = Field(
        [], max_length=50, description="Heard by this device. Repeatable: by any of them."
    )
    label: list[Label] = Field(
        [], max_length=50, description="With this label. Repeatable: with any of them."
    )
    category: list[Label] = Field(
        [], max_length=50, description="Of this category. Repeatable: of any of them."
    )
    state: list[Literal["started", "updated", "ended"]] = Field(
        [], max_length=3, description="In this state. Repeatable: in any of them."
    )
    site: list[Name] = any_of("Heard at this site.")
    priority: list[Priority] = any_of("Of this priority: how severe its label is.")
    scene: list[Name] = any_of("In this scene.")
    origin: list[Literal["model", "human"]] = any_of("Said by a model, or by a person.")
    tag: list[Name] = any_of("Heard by a device that has this tag now.")
    min_score: float = Field(
        0.0, ge=0, le=1, description="With a peak score of at least this, 0 to 1."
    )
    text: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="Part of the label, the device or the site, in upper or lower case.",
    )
    last_event_id: str | None = Field(
        None,
        description="The header Last-Event-ID for those who cannot set it; the header wins.",
        examples=["1777605151412-0"],
    )

    def filter(self) -> LiveFilter:
        """Returns what the feed is asked for."""
        return LiveFilter(
            device_ids=frozenset(self.device),
            labels=frozenset(self.label),
            categories=frozenset(self.category),
            states=frozenset(self.state),
            sites=frozenset(self.site),
            priorities=frozenset(self.priority),
            scenes=frozenset(self.scene),
            origins=frozenset(self.origin),
            min_score=self.min_score,
            tags=frozenset(self.tag),
            text=self.text or "",
        )


@router.get(
    "",
    status_code=200,
    response_class=EventStreamResponse,
    responses={
        **declared(422, 503),
        200: {"content": {"text/event-stream": {"example": _EXAMPLE}}},
    },
)
async def follow_events(
    query: Annotated[StreamQuery, Query()],
    live: Live,
    refuse_unknown: NamesCheck,
    caller: Asking,
    keyring: Keys,
    last_event_id: Annotated[
        str | None,
        Header(description="`id` of the last message received: what came after it is sent first."),
    ] = None,
) -> EventStreamResponse:
    """Sends every revision of every event as soon as it is committed, as server-sent events.

    * `event: sound`: a revision; `data` is CloudEvents 1.0 JSON, as on the events stream, and `id`
      its entry there. With `Last-Event-ID` what came after that entry is sent first, then what
      happens: nothing is left out, and nothing sent twice.
    * `event: reset`: what came after the last event cannot be told any more, because it is too old
      or the broker was emptied. Read `/v1/events`; what happens from now on follows.
    * `event: status`: `{"broker": "away"}` when events are late, `{"broker": "back"}` afterwards.
    * A comment at least every 15 seconds, with the `id` to go on from.

    A client that reads too slowly is disconnected; it comes back with its `Last-Event-ID`.
    A feed ends soon after its token does. Browsers, where `EventSource` can set no header, send
    the cookie of `POST /v1/session` instead of the token.
    """
    await anyio.to_thread.run_sync(refuse_unknown, query.label, query.category)
    try:
        client = await live.join(query.filter())
    except TooManyClients:
        raise HTTPException(
            503,
            "as many clients follow the live feed as EARSHOT_API_STREAM_CLIENTS allows; "
            f"try again in {RETRY_AFTER_S} seconds",
            {"Retry-After": str(RETRY_AFTER_S)},
        ) from None
    feed = LiveFeed(live, client, last_event_id or query.last_event_id or None)
    ended = partial(until_over, client.ended, keyring, caller, live.heartbeat_s)
    return EventStreamResponse(feed.chunks(), ended, lambda: live.leave(client))

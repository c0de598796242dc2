"""Events as CSV or NDJSON: the whole result, a page in memory at a time."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from fastapi.responses import StreamingResponse
from sqlalchemy import Engine

from earshot.events.event import SoundEvent
from earshot.store.event_queries import walk_events
from earshot.store.filter import EventFilter
from services.api.convert import event_answer
from services.api.schemas import Event

CSV, NDJSON = "text/csv", "application/x-ndjson"
COLUMNS = tuple(Event.model_fields)
EXAMPLE_CSV = "event_id,revision,state,…\r\n5f0c9b1e2a7d4c3890ab12cd34ef5678,3,ended,…\r\n"
EXAMPLE_NDJSON = '{"event_id":"5f0c9b1e2a7d4c3890ab12cd34ef5678","revision":3,"state":"ended",…}\n'

# What a spreadsheet takes for the beginning of a formula.
# Source: https://owasp.org/www-community/attacks/CSV_Injection.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def export(
    engine: Engine, query: EventFilter, cursor: str | None, limit: int | None, media_type: str
) -> StreamingResponse:
    """Returns the response that sends all events that pass a filter, newest onset first.

    What is wrong with the request, and a database that is away, are raised here. Later the
    response can only be cut off: its end mark never comes, so that it cannot pass for complete.

    Args:
        engine: Where they are kept.
        query: What they must be.
        cursor: Where to begin; None for the newest.
        limit: How many at most; None for all.
        media_type: `CSV` or `NDJSON`.

    Raises:
        BadQuery: As `walk_events`.
        StoreUnavailable: The database does not answer.
    """
    pages = walk_events(engine, query, cursor)
    pages = chain([next(pages)], pages)
    write, head, suffix = (
        (_csv_rows, _csv_head(), "csv") if media_type == CSV else (_ndjson_rows, "", "ndjson")
    )
    return StreamingResponse(
        _chunks(pages, limit, head, write),
        media_type=f"{CSV}; charset=utf-8; header=present" if media_type == CSV else NDJSON,
        headers={
            "Content-Disposition": f'attachment; filename="earshot-events.{suffix}"',
            "Cache-Control": "no-store",
            "Vary": "Accept",
        },
    )


def _chunks(
    pages: Iterator[tuple[SoundEvent, ...]],
    limit: int | None,
    head: str,
    write: Callable[[Sequence[SoundEvent]], str],
) -> Iterator[bytes]:
    if head:
        yield head.encode()
    left = limit
    for page in pages:
        taken = page[:left]
        yield write(taken).encode()
        if left is not None:
            left -= len(taken)
            if not left:
                return


def _csv_head() -> str:
    return ",".join(COLUMNS) + "\r\n"


def _csv_rows(events: Sequence[SoundEvent]) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    for event in events:
        values = event_answer(event).model_dump()
        writer.writerow([_cell(values[column]) for column in COLUMNS])
    return text.getvalue()


def _cell(value: object) -> object:
    """Defuses text only: a number may begin with a minus."""
    if isinstance(value, list):
        value = " ".join(map(str, value))
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value


def _ndjson_rows(events: Sequence[SoundEvent]) -> str:
    return "".join(event_answer(event).model_dump_json() + "\n" for event in events)

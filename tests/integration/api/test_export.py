"""Events as CSV and NDJSON: all of them, defused, and cut off rather than seemingly complete."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import anyio
import httpx
import pytest
from sqlalchemy import Engine

from earshot.events.event import SoundEvent
from earshot.store.errors import StoreUnavailable
from earshot.store.event_queries import walk_events
from earshot.store.filter import EventFilter
from services.api.export import CSV, NDJSON, export

Commit = Callable[[Sequence[SoundEvent]], None]
MakeEvent = Callable[..., SoundEvent]


@pytest.fixture
def three(commit: Commit, sound_event: MakeEvent, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three events, which an export reads in two pages."""
    monkeypatch.setattr("earshot.store.event_queries.MAX_LIMIT", 2)
    commit(
        [
            sound_event("kitchen", "Siren", 0),
            sound_event("hall", '=HYPERLINK("x"),"Köter"', 10),
            sound_event("yard", "Siren", 20, peak_score=0.25),
        ]
    )


def _ask(client: httpx.Client, accept: str, query: str = "") -> httpx.Response:
    return client.get(f"/v1/events?{query}", headers={"Accept": accept})


def _rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


@pytest.mark.usefixtures("three")
def test_csv_has_a_row_for_each_event_with_the_names_of_json(client: httpx.Client) -> None:
    answer = _ask(client, "text/csv")
    rows = _rows(answer)
    listed = client.get("/v1/events?limit=2").json()["events"]
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.headers["content-disposition"] == 'attachment; filename="earshot-events.csv"'
    assert [row["onset_s"] for row in rows] == ["20.0", "10.0", "0.0"]
    assert list(rows[0]) == list(listed[0])
    assert rows[0]["models"] == "vggish-compact@1 earshot-default@1"


@pytest.mark.usefixtures("three")
def test_a_cell_is_defused_when_a_spreadsheet_would_run_it(client: httpx.Client) -> None:
    (row,) = _rows(_ask(client, "text/csv", "device=hall"))
    assert row["label"] == '\'=HYPERLINK("x"),"Köter"'
    assert row["level_dbfs"] == "-21.4"


@pytest.mark.usefixtures("three")
def test_ndjson_has_a_line_for_each_event_as_in_json(client: httpx.Client) -> None:
    answer = _ask(client, "application/x-ndjson")
    pages = [client.get("/v1/events?limit=2")]
    pages.append(client.get(pages[0].links["next"]["url"]))
    listed: list[Any] = [event for page in pages for event in page.json()["events"]]
    assert [json.loads(line) for line in answer.text.splitlines()] == listed
    assert answer.headers["content-type"].startswith("application/x-ndjson")
    assert answer.headers["content-disposition"] == 'attachment; filename="earshot-events.ndjson"'


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "num_rows"),
    [("", 3), ("limit=1", 1), ("limit=3", 3), ("label=Siren", 2), ("text=zz", 0)],
)
def test_filters_and_a_limit_hold_when_exported(
    client: httpx.Client, query: str, num_rows: int
) -> None:
    assert len(_rows(_ask(client, "text/csv", query))) == num_rows
    assert len(_ask(client, "application/x-ndjson", query).text.splitlines()) == num_rows


@pytest.mark.usefixtures("three")
def test_an_export_goes_on_from_a_cursor(client: httpx.Client) -> None:
    cursor = client.get("/v1/events?limit=1").json()["next"]
    assert [row["onset_s"] for row in _rows(_ask(client, "text/csv", f"cursor={cursor}"))] == [
        "10.0",
        "0.0",
    ]
    refused = _ask(client, "text/csv", "cursor=x")
    assert (refused.status_code, refused.json()["status"]) == (400, 400)


def test_another_kind_of_answer_is_refused(client: httpx.Client) -> None:
    answer = _ask(client, "text/html")
    assert answer.status_code == 406
    assert answer.headers["content-type"] == "application/problem+json"
    assert "application/json, text/csv, application/x-ndjson" in answer.json()["detail"]


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize("media_type", [CSV, NDJSON])
def test_an_export_breaks_off_when_the_database_goes_away(engine: Engine, media_type: str) -> None:
    response = export(engine, EventFilter(), None, None, media_type)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE events RENAME TO gone")

    async def read() -> list[bytes]:
        return [bytes(chunk) async for chunk in response.body_iterator]  # type: ignore[arg-type]

    with pytest.raises(StoreUnavailable):
        anyio.run(read)


def test_an_export_reads_a_page_at_a_time(
    engine: Engine, commit: Commit, sound_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earshot.store.event_queries.MAX_LIMIT", 2)
    commit([sound_event(onset_s=second) for second in range(6)])
    pages: Iterator[tuple[SoundEvent, ...]] = walk_events(engine, EventFilter())
    assert len(next(pages)) == 2
    assert engine.pool.checkedout() == 0  # type: ignore[attr-defined]

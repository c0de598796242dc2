"""Liveness, readiness and metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import pytest
from sqlalchemy import Engine, text

from earshot.store.engine import open_engine, writing

ClientOf = Callable[..., httpx.Client]

TABLES_MISSING = (
    "database: its tables are not those of this version;"
    " the notifier brings them up to date when it starts"
)


@pytest.fixture
def client_without_tables(database_url: str, client_of: ClientOf) -> Iterator[httpx.Client]:
    engine = open_engine(database_url)
    yield client_of(engine)
    engine.dispose()


def test_process_is_ready_when_the_database_is_migrated(client: httpx.Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ready", "checked": ["database"]}


def test_process_is_alive_but_not_ready_when_the_tables_are_missing(
    client_without_tables: httpx.Client,
) -> None:
    assert client_without_tables.get("/healthz").json() == {"status": "alive"}
    answer = client_without_tables.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["detail"] == TABLES_MISSING


def test_process_is_not_ready_when_a_column_is_missing(
    client: httpx.Client, engine: Engine
) -> None:
    with writing(engine) as connection:
        connection.execute(text("ALTER TABLE events RENAME COLUMN scene TO place"))
    assert client.get("/readyz").json()["detail"] == TABLES_MISSING


def test_everything_missing_is_named_when_several_things_are_away(
    database_url: str, client_of: ClientOf
) -> None:
    def refuse() -> None:
        raise ConnectionError("nobody listens")

    engine = open_engine(database_url)
    client = client_of(engine, {"broker": refuse})
    assert client.get("/readyz").json()["detail"] == f"{TABLES_MISSING}; broker: nobody listens"
    engine.dispose()


def test_requests_are_counted_by_route_when_metrics_are_read(client: httpx.Client) -> None:
    for path in ("/v1/events/a", "/v1/events/b", "/unknown"):
        client.get(path)
    lines = client.get("/metrics").text.splitlines()
    count = 'earshot_api_request_seconds_count{method="GET",route="%s",status="404"} %s'
    assert count % ("/v1/events/{event_id}", "2.0") in lines
    assert count % ("none", "1.0") in lines


def test_every_path_of_the_index_answers_when_followed(client: httpx.Client) -> None:
    for name, path in client.get("/").json()["paths"].items():
        expected = 503 if name in {"stream", "hearing"} else 200  # these need a broker
        assert client.get(path).status_code == expected

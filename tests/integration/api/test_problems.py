"""Every error is a problem with one clear sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import httpx
import pytest

from earshot.events.event import SoundEvent
from earshot.store.engine import open_engine

Commit = Callable[[Sequence[SoundEvent]], None]
ClientOf = Callable[..., httpx.Client]
MakeEvent = Callable[..., SoundEvent]

MOMENT = "must be an RFC 3339 time with its offset from UTC, such as 2026-05-01T03:12:07Z"
PATTERN = "must be text that matches ^[A-Za-z0-9._:-]{1,128}$"
STATES = "must be one of started, updated, ended"
LIMIT = "must be a whole number from 1 to 500"


def _detail(client: httpx.Client, path: str, status: int) -> str:
    answer = client.get(path)
    problem = answer.json()
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(problem) == {"type", "title", "status", "detail", "instance"}
    assert problem["status"] == status
    return str(problem["detail"])


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("limit=0", f"query parameter limit='0': {LIMIT}"),
        ("limit=501", f"query parameter limit='501': {LIMIT}"),
        ("limit=many", f"query parameter limit='many': {LIMIT}"),
        ("limit=", f"query parameter limit='': {LIMIT}"),
        ("min_score=1.1", "query parameter min_score='1.1': must be a number from 0 to 1"),
        ("min_score=nan", "query parameter min_score='nan': must be a number from 0 to 1"),
        ("state=over", f"query parameter state='over': {STATES}"),
        ("device=a/b", f"query parameter device='a/b': {PATTERN}"),
        ("device=", f"query parameter device='': {PATTERN}"),
        ("device=' OR 1=1--", f'query parameter device="\' OR 1=1--": {PATTERN}'),
        (
            "label=" + "x" * 101,
            f"query parameter label='{'x' * 80}…': must be text of up to 100 characters",
        ),
        ("from=yesterday", f"query parameter from='yesterday': {MOMENT}"),
        ("from=1777593600", f"query parameter from='1777593600': {MOMENT}"),
        ("to=2026-05-01T00:00:00", f"query parameter to='2026-05-01T00:00:00': {MOMENT}"),
        ("to=2026-02-30T00:00:00Z", f"query parameter to='2026-02-30T00:00:00Z': {MOMENT}"),
        ("from=2026-05-01T00:00:00Z&to=2026-05-01T00:00:00Z", "from must be earlier than to"),
        ("devcie=kitchen", "there is no query parameter 'devcie'; did you mean device?"),
        (
            "x=1",
            "there is no query parameter 'x'; "
            "known: device, site, tag, label, category, priority, state, granularity, origin, "
            "scene, end_reason, suppressed, min_score, max_score, min_duration_s, text, "
            "limit, cursor, from, to",
        ),
        ("&".join(["label=Dog"] * 51), "query parameter label: may be given 50 times at most"),
        (
            "limit=0&state=over",
            f"query parameter state='over': {STATES}; query parameter limit='0': {LIMIT}",
        ),
    ],
)
def test_parameter_is_refused_with_what_is_allowed_when_it_makes_no_sense(
    client: httpx.Client, query: str, detail: str
) -> None:
    assert _detail(client, f"/v1/events?{query}", 422) == detail


@pytest.mark.parametrize("cursor", ["", "x", "!!!", "AAAA", "%00", "W10", "bnVsbA", "WzEsMiwzXQ"])
def test_cursor_is_refused_when_it_is_not_ours(client: httpx.Client, cursor: str) -> None:
    detail = _detail(client, f"/v1/events?cursor={cursor}", 400)
    assert detail.startswith("query parameter cursor: ")


def test_cursor_is_refused_when_the_filters_are_others(
    client: httpx.Client, commit: Commit, sound_event: MakeEvent
) -> None:
    commit([sound_event(onset_s=second) for second in range(3)])
    cursor = client.get("/v1/events?limit=1").json()["next"]
    detail = _detail(client, f"/v1/events?limit=1&label=Dog&cursor={cursor}", 400)
    assert "belongs to another query" in detail


@pytest.mark.parametrize(
    "query", ["label=%00", "from=0001-01-01T00:00:00Z", "to=9999-12-31T23:59:59Z"]
)
def test_value_is_refused_when_the_database_cannot_hold_it(
    client: httpx.Client, query: str
) -> None:
    assert "allowed" in _detail(client, f"/v1/events?{query}", 400)


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("/v1/events/unheard", "no event has the id 'unheard'"),
        ("/v1/events/%00", "no event has the id '\\x00'"),
        ("/v1/devices/unheard", "no device with the id 'unheard' is registered"),
        ("/v1/devices/a%2Fb", "nothing is at '/v1/devices/a/b'; GET / lists what is here"),
        ("/v1/nothing", "nothing is at '/v1/nothing'; GET / lists what is here"),
        ("/v1/events/", "nothing is at '/v1/events/'; GET / lists what is here"),
        ("/docs", "nothing is at '/docs'; GET / lists what is here"),
    ],
)
def test_answer_names_what_is_missing_when_there_is_no_such_thing(
    client: httpx.Client, path: str, detail: str
) -> None:
    assert _detail(client, path, 404) == detail


@pytest.mark.parametrize("kind", ["event", "device"])
def test_id_is_refused_when_it_is_far_too_long(client: httpx.Client, kind: str) -> None:
    detail = _detail(client, f"/v1/{kind}s/{'x' * 10_000}", 422)
    assert detail == (
        f"path parameter {kind}_id='{'x' * 80}…': must be text of up to 128 characters"
    )


def test_allowed_methods_are_named_when_the_method_is_another(client: httpx.Client) -> None:
    answer = client.post("/v1/events")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET"
    assert answer.json()["detail"] == "POST is not allowed at '/v1/events'; allowed: GET"


@pytest.fixture
def client_without_database(tmp_path: Path, client_of: ClientOf) -> Iterator[httpx.Client]:
    engine = open_engine(f"sqlite:///{tmp_path / 'missing' / 'earshot.db'}")
    yield client_of(engine)
    engine.dispose()


@pytest.mark.parametrize("path", ["/v1/events", "/v1/events/x", "/v1/devices", "/v1/devices/x"])
def test_answer_asks_for_patience_when_the_database_is_away(
    client_without_database: httpx.Client, path: str
) -> None:
    detail = _detail(client_without_database, path, 503)
    assert (
        detail
        == "the database cannot answer now; try again in a second, /readyz says what is missing"
    )
    assert client_without_database.get(path).headers["retry-after"] == "1"


def test_answer_is_a_problem_when_the_api_has_a_defect(client_of: ClientOf) -> None:
    client = client_of(None)  # no engine at all
    assert _detail(client, "/v1/events", 500) == "a defect in the api; its log says more"

"""What clients send by mistake or on purpose, over real sockets: a clear 4xx that names the key."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from urllib.parse import quote, urlsplit

import httpx
import pytest
from sqlalchemy import Engine

from earshot.events.event import SoundEvent
from earshot.streams.redis_streams import RedisStreams
from tests.integration.api.conftest import TAXONOMY
from tests.integration.api.live_feed import Server, serving

Commit = Callable[[Sequence[SoundEvent]], None]
MakeEvent = Callable[..., SoundEvent]

INJECTIONS = (
    "' OR '1'='1",
    "'; DROP TABLE events; --",
    '" UNION SELECT hash FROM tokens --',
    "%_\\",
    "a\r\nSet-Cookie: earshot_token=x",
    "x\r\n\r\nHTTP/1.1 200 OK",
    "{{7*7}}${7*7}",
)


@pytest.fixture
def server(
    engine: Engine, redis_streams: RedisStreams, commit: Commit, sound_event: MakeEvent
) -> Iterator[Server]:
    commit([sound_event(onset_s=n * 60, label="Glass" if n else "Dog") for n in range(3)])
    with serving(engine, redis_streams, taxonomy=TAXONOMY) as running:
        yield running


@pytest.fixture
def ask(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


def detail(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["detail"])


@pytest.mark.parametrize("path", ["/v1/events", "/v1/stats", "/v1/stream"])
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        (
            "label=Sirne",
            "query parameter label='Sirne': there is no such label; did you mean 'Siren'?",
        ),
        (
            "label=Dog&label=glas",
            "query parameter label='glas': there is no such label; did you mean 'Glass'?",
        ),
        (
            "label=street",
            "query parameter label='street': there is no such label; did you mean 'Street'?",
        ),
        (
            "label=Violin",
            "query parameter label='Violin': there is no such label; `/v1/labels` lists them",
        ),
        (
            "category=saftey",
            "query parameter category='saftey': there is no such category; did you mean 'safety'?",
        ),
        (
            "category=x&label=y",
            "query parameter label='y': there is no such label; `/v1/labels` lists them; "
            "query parameter category='x': there is no such category; "
            "there are animal, safety, scene",
        ),
    ],
)
def test_an_unknown_label_or_category_is_told_which_are_known(
    ask: httpx.Client, path: str, query: str, sentence: str
) -> None:
    assert detail(ask.get(f"{path}?{query}"), 422) == sentence


@pytest.mark.parametrize("query", ["label=Glass", "label=Kitchen&category=scene", "label=Siren"])
def test_a_label_of_the_taxonomy_or_of_an_event_is_known(ask: httpx.Client, query: str) -> None:
    assert ask.get(f"/v1/events?{query}").status_code == 200


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/v1/events?limit=1&limit=2", "limit"),
        ("/v1/events?text=a&label=Dog&text=a", "text"),
        ("/v1/events?min_score=0.1&min_score=0.9", "min_score"),
        ("/v1/events?from=2026-05-01T00:00:00Z&from=2026-05-02T00:00:00Z", "from"),
        ("/v1/stats?zone=UTC&zone=UTC", "zone"),
        ("/v1/devices?limit=1&limit=1", "limit"),
        ("/v1/stream?last_event_id=0-0&last_event_id=0-1", "last_event_id"),
    ],
)
def test_one_value_given_twice_is_refused(ask: httpx.Client, path: str, name: str) -> None:
    assert detail(ask.get(path), 422) == f"query parameter {name}: may be given once"


def test_a_list_may_be_given_twice(ask: httpx.Client) -> None:
    assert len(ask.get("/v1/events?label=Dog&label=Glass&label=Dog").json()["events"]) == 3


@pytest.mark.parametrize(
    "path",
    ["/v1/events/{}", "/v1/devices/{}", "/v1/events/{}/explain", "/v1/devices/{}/coverage"],
)
def test_an_id_of_10_000_characters_is_cut_in_the_answer(ask: httpx.Client, path: str) -> None:
    answer = ask.get(path.format("x" * 10_000))
    assert "_id='xxx" in detail(answer, 422)
    assert "must be text of up to 128 characters" in answer.json()["detail"]
    assert len(answer.content) < 1_000


@pytest.mark.parametrize("id_", ["a/b", "../../etc/passwd", "..%2f..%2fetc", "a%2Fb", "%2e%2e/"])
def test_an_id_with_slashes_is_nothing_here(ask: httpx.Client, id_: str) -> None:
    for path in (f"/v1/events/{quote(id_)}", f"/v1/devices/{quote(id_, safe='')}"):
        answer = ask.get(path)
        assert answer.status_code == 404
        assert detail(answer, 404)
    answer = ask.put(f"/v1/devices/{quote(id_, safe='')}", json={})
    assert answer.status_code in {404, 405, 422}
    assert detail(answer, answer.status_code)


@pytest.mark.parametrize("text", INJECTIONS)
def test_injections_are_values_like_others(ask: httpx.Client, text: str) -> None:
    for name in ("device", "label", "site", "tag", "category", "scene", "cursor", "from"):
        answer = ask.get("/v1/events", params={name: text})
        assert answer.status_code in {200, 400, 422}, (name, answer.text)
        assert "set-cookie" not in answer.headers
        if answer.status_code == 200:
            assert answer.json()["events"] == []
        else:
            assert f"query parameter {name}" in answer.json()["detail"]
    assert ask.get("/v1/events", params={"text": text}).json()["events"] == []
    for kind in ("events", "devices"):
        answer = ask.get(f"/v1/{kind}/{quote(text, safe='')}")
        assert answer.status_code in {404, 422}
        assert "set-cookie" not in answer.headers
    assert len(ask.get("/v1/events").json()["events"]) == 3


def test_a_link_to_the_next_page_cannot_break_out_of_its_header(ask: httpx.Client) -> None:
    text = 'e>; rel="x"\r\nSet-Cookie: a=b\r\n\x7f'
    answer = ask.get("/v1/events", params={"limit": 1, "text": text})
    assert answer.status_code == 200
    answer = ask.get("/v1/events", params={"limit": 1, "site": ["", text]})
    assert answer.headers["link"].count(">") == 1
    assert answer.headers["link"].endswith('>; rel="next"')
    assert "set-cookie" not in answer.headers


def exchange(url: str, request: bytes) -> bytes:
    """Sends bytes as they are, and returns all that comes back."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while received := connection.recv(65_536):
            answer += received
    return answer


@pytest.mark.parametrize(
    "head",
    [
        b"GET /v1/events\r\nSet-Cookie: a=b HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /v1/events HTTP/1.1\r\nHost: x\r\nLast-Event-ID: 1\nSet-Cookie: a=b\r\nX\r\n\r\n",
        b"GET /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"GET /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"GET /v1/events HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"GET /" + b"x" * 1_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=["path", "header", "negative", "lengths", "large", "tls", "long"],
)
def test_a_request_that_is_no_http_gets_no_answer_but_a_refusal(
    server: Server, head: bytes
) -> None:
    try:
        answer = exchange(server.url, head)
    except ConnectionError:  # closed while we were still sending
        answer = b""
    assert answer == b"" or answer.split()[1].startswith(b"4"), answer[:200]
    assert b"\r\nSet-Cookie" not in answer
    assert httpx.get(f"{server.url}/healthz").status_code == 200


def test_a_last_event_id_that_is_none_begins_anew(server: Server) -> None:
    for text in ("' OR 1=1", "x" * 8_000, "-1-0", "é".encode()):
        header = {"Last-Event-ID": text}
        with httpx.stream("GET", f"{server.url}/v1/stream", headers=header, timeout=30) as answer:
            assert answer.status_code == 200
            lines = answer.iter_lines()
            assert "event: reset" in (next(lines) for _ in range(6))


def test_a_cursor_of_another_query_or_list_is_refused(ask: httpx.Client) -> None:
    cursor = ask.get("/v1/events?limit=1").json()["next"]
    for query in ("label=Dog", "tag=x", "text=x", "suppressed=any"):
        sentence = detail(ask.get(f"/v1/events?limit=1&{query}&cursor={cursor}"), 400)
        assert sentence.startswith("query parameter cursor: ")
        assert "belongs to another query" in sentence
    sentence = detail(ask.get(f"/v1/audit?cursor={cursor}"), 400)
    assert sentence.startswith("query parameter cursor: not one of this list")
    csv = {"Accept": "text/csv"}
    assert detail(ask.get(f"/v1/events?label=Dog&cursor={cursor}", headers=csv), 400)


def test_a_method_of_a_clients_own_makes_no_metric(server: Server) -> None:
    for number in range(3):
        head = f"METHOD{number} /v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        assert exchange(server.url, head.encode()).split()[1] == b"405"
    metrics = httpx.get(f"{server.url}/metrics").text
    assert 'method="other"' in metrics
    assert "METHOD" not in metrics

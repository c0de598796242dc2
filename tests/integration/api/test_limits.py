"""How often and how much a client may ask, on a real server."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import Engine

from earshot.access import LOCAL, Scope
from earshot.store.tokens import create_token
from services.api.guard import Access
from tests.integration.api.live_feed import Server, serving

MAX_BYTES = 1000
PER_S = 0.001  # slow, so that no request is allowed anew while a test runs
TOO_LARGE = "the body is too large: at most 1,000 bytes are allowed"


@pytest.fixture
def limited(engine: Engine) -> Iterator[Server]:
    access = Access(asks_for_tokens=True, rate_per_s=PER_S, max_body_bytes=MAX_BYTES)
    with serving(engine, None, access=access) as server:
        yield server


@pytest.fixture
def server(engine: Engine) -> Iterator[Server]:
    with serving(engine, None, access=Access(rate_per_s=PER_S, max_body_bytes=MAX_BYTES)) as server:
        yield server


def bearer(engine: Engine) -> dict[str, str]:
    return {"Authorization": f"Bearer {create_token(engine, 't', [Scope.READ], None, LOCAL)[1]}"}


def test_a_token_waits_when_it_asks_too_often_and_others_do_not(
    engine: Engine, limited: Server
) -> None:
    first, second = bearer(engine), bearer(engine)
    url = f"{limited.url}/v1/events"
    assert httpx.get(url, headers=first).status_code == 200

    refused = httpx.get(url, headers=first)

    assert refused.status_code == 429
    assert refused.headers["content-type"] == "application/problem+json"
    wait_s = int(refused.headers["retry-after"])
    assert 990 <= wait_s <= 1000
    assert refused.json()["detail"] == (
        f"too many requests: 0.001 requests per second are allowed; try again in {wait_s} s"
    )
    assert httpx.get(url, headers=second).status_code == 200


def test_an_address_waits_when_it_guesses_too_often(engine: Engine, limited: Server) -> None:
    url = f"{limited.url}/v1/events"
    headers = bearer(engine)
    statuses = [httpx.get(url, headers={"Authorization": "Bearer x"}).status_code for _ in range(2)]
    assert statuses == [401, 429]
    assert httpx.get(url, headers=headers).status_code == 429


def test_probes_are_answered_however_often_they_ask(limited: Server) -> None:
    for path in ("/healthz", "/readyz") * 3:
        assert httpx.get(f"{limited.url}{path}").status_code == 200


def test_nobody_waits_where_no_token_is_needed(server: Server) -> None:
    assert {httpx.get(f"{server.url}/v1/events").status_code for _ in range(5)} == {200}


def exchange(url: str, request: bytes) -> tuple[int, dict[str, str]]:
    """Sends bytes as they are; returns status and problem of the answer, and waits for its end."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
        connection.sendall(request)
        answer = b""
        while received := connection.recv(65_536):
            answer += received
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


HEAD = b"POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def test_a_body_is_refused_before_it_is_sent_when_its_length_is_too_large(server: Server) -> None:
    status, problem = exchange(server.url, HEAD + b"Content-Length: 1001\r\n\r\n")
    assert (status, problem["detail"]) == (413, TOO_LARGE)


def test_a_body_is_refused_when_its_chunks_are_too_large(server: Server) -> None:
    chunk = b"1f5\r\n" + b" " * 501 + b"\r\n"
    status, problem = exchange(server.url, HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk * 2)
    assert (status, problem["detail"]) == (413, TOO_LARGE)
    assert problem["instance"] == "/v1/session"


def test_a_body_is_read_when_it_is_as_large_as_allowed(server: Server) -> None:
    body = b'{"token": "x"}'.ljust(MAX_BYTES)
    kind = {"Content-Type": "application/json"}
    for content in (body, iter([body[:500], body[500:]])):
        answer = httpx.post(f"{server.url}/v1/session", content=content, headers=kind)
        assert answer.status_code == 401

"""Bodies that clients send by mistake or on purpose, over real sockets."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine

from services.api.guard import Access
from tests.integration.api.live_feed import serving

JSON = {"Content-Type": "application/json"}
MAX_BYTES = 2_000


@pytest.fixture
def ask(engine: Engine) -> Iterator[httpx.Client]:
    with (
        serving(engine, None, access=Access(max_body_bytes=MAX_BYTES)) as server,
        httpx.Client(base_url=server.url, timeout=30) as client,
    ):
        yield client


def detail(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["detail"])


@pytest.mark.parametrize(
    ("method", "path"),
    [("PUT", "/v1/devices/a"), ("PATCH", "/v1/devices/a"), ("POST", "/v1/session")],
)
def test_a_body_that_is_too_large_is_refused(ask: httpx.Client, method: str, path: str) -> None:
    answer = ask.request(method, path, content=b" " * (MAX_BYTES + 1), headers=JSON)
    assert detail(answer, 413) == "the body is too large: at most 2,000 bytes are allowed"


@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/xml", "application/x-www-form-urlencoded", "json", ";"]
)
@pytest.mark.parametrize(("method", "path"), [("PUT", "/v1/devices/a"), ("POST", "/v1/session")])
def test_a_body_of_another_content_type_is_told_which_is_taken(
    ask: httpx.Client, method: str, path: str, kind: str
) -> None:
    answer = ask.request(method, path, content=b'{"site": "home"}', headers={"Content-Type": kind})
    expected = "the body must be a JSON object, sent with Content-Type: application/json"
    assert detail(answer, 422) == expected


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"{", "the body is no JSON ("),
        (b'{"site": ', "the body is no JSON ("),
        (b"\xff\xfe\x00", "the body is no JSON: not UTF-8"),
        (b'{"site": "' + b"\xe9" + b'"}', "the body is no JSON: not UTF-8"),
        (b"[]", "the body must be a JSON object"),
        (b"null", "the body must be a JSON object"),
        (b"", "the body must be a JSON object"),
        (b'{"siet": "x"}', "there is no body member 'siet'; did you mean site?"),
        (b'{"site": 1}', "body member site='1': "),
        (b'{"site": "a\\u0000b"}', "body member site='a\\x00b': "),
        (b'{"policy": ' + b'{"a":' * 300 + b"1" + b"}" * 301, "body member policy: may be nested"),
        (b'{"policy": {"a": 1e999}}', "body member policy: must have finite numbers"),
        (b'{"tags": ["\\ud800"]}', "body member tags[0]"),
    ],
)
def test_a_body_that_makes_no_sense_is_named(ask: httpx.Client, body: bytes, sentence: str) -> None:
    answer = ask.put("/v1/devices/a", content=body, headers=JSON)
    assert detail(answer, 422).startswith(sentence)
    assert ask.get("/v1/devices/a").status_code == 404

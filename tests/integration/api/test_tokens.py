"""Who may ask: tokens, scopes and the cookie, on a real server."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from sqlalchemy import Engine

from earshot.access import LOCAL, Scope, new_token, token_text
from earshot.store.engine import writing
from earshot.store.tokens import create_token, find_token, revoke_token
from services.api.guard import INVALID, MISSING, Access
from tests.integration.api.live_feed import Adapter, Client, Server, serving, streams, wait_until

__all__ = ["streams"]

GUARDED = Access(asks_for_tokens=True, has_open_metrics=False, cached_for_s=0.1)


@pytest.fixture
def server(engine: Engine) -> Iterator[Server]:
    with serving(engine, None, access=GUARDED) as running:
        yield running


@pytest.fixture
def ask(server: Server) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


@pytest.fixture
def token(engine: Engine) -> Callable[..., str]:
    """Makes a token with these scopes."""

    def make(*scopes: str, expires_at_ns: int | None = None) -> str:
        wanted = [Scope(scope) for scope in scopes or ("read",)]
        return create_token(engine, "test", wanted, expires_at_ns, LOCAL)[1]

    return make


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def token_id(token: str) -> str:
    return token.split("_")[1]


def detail(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["detail"])


@pytest.mark.parametrize(
    "path", ["/v1/events", "/v1/devices/x", "/v1/stream", "/v1/audit", "/metrics", "/v1/nothing"]
)
def test_a_request_without_a_token_is_told_how_to_get_one(ask: httpx.Client, path: str) -> None:
    answer = ask.get(path)
    assert detail(answer, 401) == MISSING
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/openapi.json"])
def test_what_tells_nothing_needs_no_token(ask: httpx.Client, path: str) -> None:
    assert ask.get(path).status_code == 200


def test_every_other_token_gets_the_same_answer(
    ask: httpx.Client, token: Callable[..., str], engine: Engine
) -> None:
    expired, revoked, other = token(expires_at_ns=1), token(), token()
    revoke_token(engine, token_id(revoked), LOCAL)
    wrong = token_text(token_id(other), new_token()[1])
    bodies = set()
    for text in (token_text(*new_token()), wrong, expired, revoked, "x", "x" * 10_000, "esk_é"):
        answer = ask.get("/v1/events", headers={"Authorization": b"Bearer " + text.encode()})
        assert detail(answer, 401) == INVALID
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
        bodies.add(answer.content)
    assert len(bodies) == 1


@pytest.mark.parametrize("header", ["Basic dTpw", "Bearer", "", "Digest esk_"])
def test_another_way_to_log_in_is_no_token(ask: httpx.Client, header: str) -> None:
    assert detail(ask.get("/v1/events", headers={"Authorization": header}), 401)


def test_two_tokens_at_once_are_refused(ask: httpx.Client, token: Callable[..., str]) -> None:
    headers = [("Authorization", f"Bearer {token()}") for _ in range(2)]
    assert detail(ask.get("/v1/events", headers=headers), 401) == MISSING


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_a_valid_token_may_read(ask: httpx.Client, token: Callable[..., str], scheme: str) -> None:
    headers = {"Authorization": f"{scheme} {token()}"}
    for path in ("/v1/events", "/v1/devices", "/metrics"):
        assert ask.get(path, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("scope", "path", "missing"),
    [("ingest", "/v1/events", "read"), ("ingest", "/metrics", "read")]
    + [(scope, "/v1/audit", "admin") for scope in ("read", "ingest", "operate")],
)
def test_the_scope_is_named_when_it_is_missing(
    ask: httpx.Client, token: Callable[..., str], scope: str, path: str, missing: str
) -> None:
    answer = ask.get(path, headers=bearer(token(scope)))
    assert detail(answer, 403) == f"this needs a token with the scope {missing}"
    expected = f'Bearer error="insufficient_scope", scope="{missing}"'
    assert answer.headers["www-authenticate"] == expected


def test_operate_may_read_and_admin_may_do_all(
    ask: httpx.Client, token: Callable[..., str]
) -> None:
    assert ask.get("/v1/events", headers=bearer(token("operate"))).status_code == 200
    for path in ("/v1/events", "/v1/audit"):
        assert ask.get(path, headers=bearer(token("admin"))).status_code == 200


def test_a_revoked_token_dies_soon(
    ask: httpx.Client, token: Callable[..., str], engine: Engine
) -> None:
    text = token()
    assert ask.get("/v1/events", headers=bearer(text)).status_code == 200
    revoke_token(engine, token_id(text), LOCAL)
    wait_until(lambda: ask.get("/v1/events", headers=bearer(text)).status_code == 401, "a refusal")


def test_use_is_noted(token: Callable[..., str], engine: Engine) -> None:
    asks_anew = Access(asks_for_tokens=True, cached_for_s=0)
    with serving(engine, None, access=asks_anew) as server:
        text, before_ns = token(), time.time_ns()
        httpx.get(f"{server.url}/v1/events", headers=bearer(text))
        first = find_token(engine, token_id(text))
        assert first is not None
        assert first.last_used_at_ns is not None
        assert before_ns <= first.last_used_at_ns <= time.time_ns()

        httpx.get(f"{server.url}/v1/events", headers=bearer(text))  # still the same minute
        assert find_token(engine, token_id(text)) == first


def test_the_answer_asks_for_patience_when_the_database_is_away(
    engine: Engine, token: Callable[..., str]
) -> None:
    with serving(engine, None, access=GUARDED) as server:
        text = token()
        with writing(engine) as connection:
            connection.exec_driver_sql("ALTER TABLE tokens RENAME TO gone")
        answer = httpx.get(f"{server.url}/v1/events", headers=bearer(text))
        assert "the database cannot answer now" in detail(answer, 503)
        assert answer.headers["retry-after"] == "1"


def test_the_cookie_is_sent_by_browsers_alone_and_read_by_no_script(
    ask: httpx.Client, token: Callable[..., str]
) -> None:
    answer = ask.post("/v1/session", json={"token": token()})
    assert answer.status_code == 204
    attributes = answer.headers["set-cookie"].split("; ")
    assert attributes[0].startswith("earshot_token=esk_")
    wanted = {"HttpOnly", "SameSite=strict", "Path=/", "Max-Age=2592000"}
    assert set(attributes[1:]) == wanted

    assert ask.get("/v1/events").status_code == 200
    for method in ("POST", "PUT", "PATCH", "DELETE", "HEAD"):
        assert ask.request(method, "/v1/devices/kitchen").status_code == 401

    assert ask.delete("/v1/session").status_code == 204
    assert not ask.cookies
    assert ask.get("/v1/events").status_code == 401


def test_the_cookie_goes_when_the_token_expires(
    ask: httpx.Client, token: Callable[..., str]
) -> None:
    text = token(expires_at_ns=time.time_ns() + 100 * 10**9)
    answer = ask.post("/v1/session", json={"token": text})
    match = re.search("Max-Age=([0-9]+)", answer.headers["set-cookie"])
    assert match is not None
    assert 0 < int(match[1]) <= 100


@pytest.mark.parametrize(
    "text", ["", "x" * 10_000, "a\r\nSet-Cookie: b=c", "a; Path=/; Domain=.", "\x00", "☂"]
)
def test_no_cookie_is_set_when_the_token_is_not_valid(ask: httpx.Client, text: str) -> None:
    answer = ask.post("/v1/session", json={"token": text})
    assert detail(answer, 401) == INVALID
    assert "set-cookie" not in answer.headers


def test_a_header_counts_and_not_the_cookie_when_both_are_sent(
    ask: httpx.Client, token: Callable[..., str]
) -> None:
    ask.post("/v1/session", json={"token": token()})
    assert ask.get("/v1/events", headers=bearer("esk_")).status_code == 401


def test_a_token_in_the_url_is_no_token(ask: httpx.Client, token: Callable[..., str]) -> None:
    assert ask.get("/v1/stream", params={"token": token()}).status_code == 401
    assert ask.get("/v1/events", params={"access_token": token()}).status_code == 401


def test_the_live_feed_takes_the_cookie_and_ends_after_its_token(
    engine: Engine, streams: Adapter, token: Callable[..., str]
) -> None:
    text = token()
    with serving(engine, streams, heartbeat_s=0.1, access=GUARDED) as server:
        feed = Client(f"{server.url}/v1/stream", {"Cookie": f"earshot_token={text}"})
        other = Client(f"{server.url}/v1/stream", bearer(token()))
        feed.wait_ready()
        other.wait_ready()

        revoke_token(engine, token_id(text), LOCAL)

        wait_until(lambda: bool(feed.ended), "the end of the feed")
        assert feed.ended == "cleanly"
        assert not other.ended
        feed.close()
        other.close()


def test_a_change_needs_operate_and_is_logged_under_its_token(
    ask: httpx.Client, token: Callable[..., str]
) -> None:
    def put(text: str) -> httpx.Response:
        return ask.put("/v1/devices/kitchen", json={"site": "home"}, headers=bearer(text))

    assert detail(put(token("read")), 403) == "this needs a token with the scope operate"
    operator = token("operate")
    assert put(operator).status_code == 201

    changes = ask.get("/v1/audit", headers=bearer(token("admin"))).json()["changes"]
    (change,) = [each for each in changes if each["subject"] == "kitchen"]
    assert change["who"] == token_id(operator)

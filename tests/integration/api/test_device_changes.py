"""Devices registered, changed and removed over HTTP, on a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine

from earshot.access import LOCAL, Scope
from earshot.events.event import SoundEvent
from earshot.store.audit import list_audit
from earshot.store.tokens import create_token
from services.api.guard import Access
from tests.integration.api.live_feed import serving

Commit = Callable[[Sequence[SoundEvent]], None]
MakeEvent = Callable[..., SoundEvent]
SAID = {"site": "home", "tags": ["indoor"], "policy": {"keep": {"hours": 24}}, "state": "disabled"}
UNSAID = {"site": "", "tags": [], "policy": {}, "state": "active"}
KITCHEN = "/v1/devices/kitchen"
CONTROL = r"string must match pattern '^[^\x00-\x1f\x7f]*$'"


@pytest.fixture
def ask(engine: Engine) -> Iterator[httpx.Client]:
    with serving(engine, None) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


def detail(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return str(answer.json()["detail"])


def said(answer: httpx.Response) -> dict[str, Any]:
    assert answer.is_success, answer.text
    return {name: answer.json()[name] for name in SAID}


def test_a_device_is_registered_once_and_then_replaced(ask: httpx.Client, engine: Engine) -> None:
    made = ask.put(KITCHEN, json=SAID)
    assert (made.status_code, said(made)) == (201, SAID)
    assert made.json() == ask.get(KITCHEN).json()
    assert made.json()["last_heard_at"] is None
    again = ask.put(KITCHEN, json=SAID)
    assert (again.status_code, again.headers["etag"]) == (200, made.headers["etag"])

    replaced = ask.put(KITCHEN, json={"tags": ["a", "b", "a"]})

    assert said(replaced) == {**UNSAID, "tags": ["a", "b"]}
    assert replaced.headers["etag"] != made.headers["etag"]
    log = [(each.action, each.subject, each.who) for each in list_audit(engine)]
    assert log == [(f"device.{verb}", "kitchen", "local") for verb in ("update", "create")]


def test_a_merge_patch_changes_what_it_names(ask: httpx.Client) -> None:
    ask.put(KITCHEN, json=SAID)

    first = ask.patch(KITCHEN, json={"policy": {"keep": {"days": 1}, "note": "x"}, "site": "barn"})
    kept = {"keep": {"hours": 24, "days": 1}, "note": "x"}
    assert said(first) == {**SAID, "site": "barn", "policy": kept}

    second = ask.patch(
        KITCHEN,
        content=b'{"policy": {"keep": null}, "tags": null, "site": null, "state": null}',
        headers={"Content-Type": "application/merge-patch+json"},
    )
    assert said(second) == {**UNSAID, "policy": {"note": "x"}}
    assert said(ask.patch(KITCHEN, json={})) == said(second)


def test_a_removed_device_is_gone_and_its_events_are_not(
    ask: httpx.Client, commit: Commit, sound_event: MakeEvent
) -> None:
    commit([sound_event()])
    gone = "no device with the id 'kitchen' is registered"

    assert ask.delete(KITCHEN).status_code == 204

    assert detail(ask.get(KITCHEN), 404) == gone
    assert detail(ask.delete(KITCHEN), 404) == gone
    assert detail(ask.patch(KITCHEN, json={}), 404) == gone
    assert ask.get("/v1/devices").json()["devices"] == []
    (left,) = ask.get("/v1/devices?state=removed").json()["devices"]
    assert (left["id"], left["state"]) == ("kitchen", "removed")
    assert len(ask.get("/v1/events?device=kitchen").json()["events"]) == 1
    assert ask.put(KITCHEN, json={}).status_code == 201


def test_a_change_to_another_version_is_refused(ask: httpx.Client) -> None:
    old = {"If-Match": ask.put(KITCHEN, json=SAID).headers["etag"]}
    now = ask.patch(KITCHEN, json={"site": "barn"}, headers=old).headers["etag"]
    sentence = f"device 'kitchen' is not what If-Match says: its ETag is now {now}; read it again"

    assert detail(ask.put(KITCHEN, json={}, headers=old), 412) == sentence
    assert detail(ask.patch(KITCHEN, json={}, headers=old), 412) == sentence
    assert detail(ask.delete(KITCHEN, headers=old), 412) == sentence
    for odd in (f"W/{now}", "", '""', "x", f"{now}, {now}"):
        assert detail(ask.patch(KITCHEN, json={}, headers={"If-Match": odd}), 412) == sentence
    anything = {"If-Match": "*"}
    assert "it is not registered" in detail(
        ask.put("/v1/devices/nobody", json={}, headers=anything), 412
    )
    assert ask.get(KITCHEN).headers["etag"] == now
    assert ask.delete(KITCHEN, headers=anything).status_code == 204


def test_devices_are_filtered(ask: httpx.Client) -> None:
    ask.put(KITCHEN, json=SAID)
    ask.put("/v1/devices/yard", json={"site": "home", "tags": ["wet"]})
    ask.put("/v1/devices/barn", json={"site": "farm", "tags": ["wet"]})

    def ids(query: str) -> list[str]:
        return [each["id"] for each in ask.get(f"/v1/devices?{query}").json()["devices"]]

    assert ids("site=home") == ["kitchen", "yard"]
    assert ids("tag=wet&site=farm") == ["barn"]
    assert ids("state=disabled") == ["kitchen"]
    assert ids("text=INDOOR") == ["kitchen"]
    assert ids("last_heard_before=2026-05-01T00:00:00Z") == ["barn", "kitchen", "yard"]
    page = ask.get("/v1/devices?tag=wet&limit=1")
    assert [each["id"] for each in ask.get(page.links["next"]["url"]).json()["devices"]] == ["yard"]
    assert "did you mean state?" in detail(ask.get("/v1/devices?stat=active"), 422)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({"sit": "x"}, "there is no body member 'sit'; did you mean site?"),
        ({"id": "x"}, "there is no body member 'id'; known: site, tags, policy, state"),
        ({"site": 5}, "body member site='5': input must be a valid string"),
        ({"site": "a\nb"}, f"body member site='a\\nb': {CONTROL}"),
        (
            {"tags": ["a", ""]},
            "body member tags[1]='': string must have at least 1 character",
        ),
        ({"tags": "a"}, "body member tags='a': input must be a valid list"),
        (
            {"state": "removed"},
            "body member state='removed': input must be 'active' or 'disabled'",
        ),
        ({"policy": []}, "body member policy: input must be a valid dictionary"),
        (
            {"policy": {"x": "y" * 8192}},
            "body member policy: may be 8192 bytes of JSON at most; it is 8200",
        ),
        ([], "the body must be a JSON object, sent with Content-Type: application/json"),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_body_that_cannot_be_is_refused_in_a_sentence(
    client: httpx.Client, method: str, body: object, sentence: str
) -> None:
    client.put(KITCHEN, json=SAID)
    answer = client.request(method, KITCHEN, json=body)
    assert detail(answer, 422) == sentence
    assert said(client.get(KITCHEN)) == SAID


def _nested(depth: int) -> bytes:
    return b'{"policy": ' + b'{"x":' * depth + b"1" + b"}" * depth + b"}"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "must be a JSON object"),
        (b'{"site": ', "the body is no JSON ("),
        (b'{"site": "\\ud800"}', "body member site"),
        (b'{"site": "\\u0000"}', "body member site"),
        (b'{"policy": {"x": "\\ud800"}}', "must be text that is valid Unicode"),
        (b'{"policy": {"x": NaN}}', "must have finite numbers only"),
        (b'{"policy": {"x": 1e999}}', "must have finite numbers only"),
        (_nested(17), "may be nested 16 levels deep at most"),
        (_nested(700), "may be nested 16 levels deep at most"),
        (_nested(100_000), "no JSON: not UTF-8, or nested too deep"),
        (b'{"tags": [' + b'"a",' * 32 + b'"a"]}', "tags: list must have at most 32 items"),
        (b"\xff", "no JSON: not UTF-8, or nested too deep"),
    ],
)
@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_bytes_that_cannot_be_stored_are_refused(
    client: httpx.Client, method: str, content: bytes, sentence: str
) -> None:
    client.put(KITCHEN, json=SAID)
    headers = {"Content-Type": "application/json"}
    answer = client.request(method, KITCHEN, content=content, headers=headers)
    assert sentence in detail(answer, 422)


def test_other_content_and_other_ids_are_refused(client: httpx.Client) -> None:
    form = client.put(KITCHEN, data={"site": "home"})
    assert detail(form, 422).startswith("the body must be a JSON object")
    for name in ("a%20b", "x" * 129, "a%0Ab", "%00"):
        assert "path parameter device_id" in detail(client.put(f"/v1/devices/{name}", json={}), 422)
    assert detail(client.put("/v1/devices/a/b", json={}), 404)


def test_a_patch_that_makes_too_large_a_policy_is_refused(client: httpx.Client) -> None:
    client.put(KITCHEN, json={"policy": {"a": "x" * 5000}})
    answer = client.patch(KITCHEN, json={"policy": {"b": "y" * 5000}})
    assert "body member policy: may be 8192 bytes" in detail(answer, 422)
    assert list(client.get(KITCHEN).json()["policy"]) == ["a"]


def test_changes_need_the_scope_operate_and_are_logged_by_token(engine: Engine) -> None:
    headers = {}
    ids = {}
    for scope in ("read", "operate"):
        token, text = create_token(engine, scope, [Scope(scope)], None, LOCAL)
        headers[scope], ids[scope] = {"Authorization": f"Bearer {text}"}, token.id
    access = Access(asks_for_tokens=True, has_open_metrics=False)
    with (
        serving(engine, None, access=access) as server,
        httpx.Client(base_url=server.url, timeout=30) as client,
    ):
        assert client.get("/v1/devices").status_code == 401
        assert client.get("/v1/devices", headers=headers["read"]).is_success
        for method in ("PUT", "PATCH", "DELETE"):
            answer = client.request(method, KITCHEN, headers=headers["read"], json={})
            assert "operate" in detail(answer, 403)
        assert client.put(KITCHEN, json={}, headers=headers["operate"]).status_code == 201
    newest = list_audit(engine)[0]
    assert (newest.who, newest.action, newest.detail) == (ids["operate"], "device.create", UNSAID)

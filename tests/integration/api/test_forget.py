"""All that is kept of a device, deleted over HTTP on a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import httpx
import pytest
from sqlalchemy import Engine

from earshot.access import LOCAL, Scope
from earshot.events.event import SoundEvent
from earshot.store import forgetting
from earshot.store.audit import list_audit
from earshot.store.tokens import create_token
from services.api.guard import Access
from tests.integration.api.live_feed import serving

Commit = Callable[[Sequence[SoundEvent]], None]
MakeEvent = Callable[..., SoundEvent]
KITCHEN, DATA = "/v1/devices/kitchen", "/v1/devices/kitchen/data"


@pytest.fixture
def ask(engine: Engine) -> Iterator[httpx.Client]:
    with serving(engine, None) as server, httpx.Client(base_url=server.url, timeout=30) as client:
        yield client


def test_a_forgotten_device_is_gone_with_all_of_it(
    ask: httpx.Client, commit: Commit, sound_event: MakeEvent, engine: Engine
) -> None:
    commit([*(sound_event(onset_s=second) for second in range(3)), sound_event("hall")])

    answer = ask.delete(DATA)

    nothing = {"embeddings": 0, "coverage": 0}
    gone = {"is_done": True, "events": 3, "revisions": 3, "sessions": 1, **nothing}
    assert (answer.status_code, answer.json()) == (200, gone)
    left = ask.get("/v1/events").json()["events"]
    assert [event["device_id"] for event in left] == ["hall"]
    assert ask.get(KITCHEN).status_code == 404
    assert ask.get("/v1/devices?state=removed").json()["devices"] == []
    newest = list_audit(engine)[0]
    assert (newest.action, newest.subject, newest.who) == ("device.forget", "kitchen", LOCAL)


def test_it_can_be_asked_again_until_all_is_gone(
    ask: httpx.Client, commit: Commit, sound_event: MakeEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit([sound_event(onset_s=second) for second in range(5)])
    monkeypatch.setattr(forgetting, "MAX_EVENTS", 2)
    monkeypatch.setattr("services.api.routes.forget.WITHIN_S", 0)

    answers = [ask.delete(DATA).json() for _ in range(3)]

    assert [answer["events"] for answer in answers] == [2, 2, 1]
    assert [answer["is_done"] for answer in answers] == [False, False, True]


@pytest.mark.parametrize("name", ["nobody", "%00", "%22"])
def test_what_is_not_there_is_not_found(ask: httpx.Client, name: str) -> None:
    answer = ask.delete(f"/v1/devices/{name}/data")

    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("nothing is kept of a device with the id ")


def test_a_removed_device_can_be_forgotten(
    ask: httpx.Client, commit: Commit, sound_event: MakeEvent
) -> None:
    commit([sound_event()])
    assert ask.delete(KITCHEN).status_code == 204

    assert ask.delete(DATA).json()["events"] == 1
    assert ask.delete(DATA).status_code == 404


def test_it_needs_the_scope_admin(engine: Engine, commit: Commit, sound_event: MakeEvent) -> None:
    commit([sound_event()])
    access = Access(asks_for_tokens=True, has_open_metrics=False)
    answers = {}
    with (
        serving(engine, None, access=access) as server,
        httpx.Client(base_url=server.url, timeout=30) as client,
    ):
        for scope in ("read", "ingest", "operate", "admin"):
            _, text = create_token(engine, scope, [Scope(scope)], None, LOCAL)
            headers = {"Authorization": f"Bearer {text}"}
            answers[scope] = client.delete(DATA, headers=headers).status_code
    assert answers == {"read": 403, "ingest": 403, "operate": 403, "admin": 200}

"""Devices over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import httpx
import pytest

from earshot.events.event import SoundEvent

Commit = Callable[[Sequence[SoundEvent]], None]
MakeEvent = Callable[..., SoundEvent]


@pytest.fixture(autouse=True)
def three(commit: Commit, sound_event: MakeEvent) -> None:
    commit([sound_event(device, onset_s=8) for device in ("yard", "attic", "kitchen")])


def test_devices_are_listed_by_id_when_asked(client: httpx.Client) -> None:
    body = client.get("/v1/devices").json()
    assert [device["id"] for device in body["devices"]] == ["attic", "kitchen", "yard"]
    assert body["next"] is None


def test_device_shows_when_it_was_heard_when_asked_by_id(client: httpx.Client) -> None:
    assert client.get("/v1/devices/attic").json() == {
        "id": "attic",
        "site": "",
        "tags": [],
        "policy": {},
        "state": "active",
        "first_seen_at": "2026-05-01T00:00:10.000000Z",
        "last_heard_at": "2026-05-01T00:00:10.000000Z",
    }


def test_walk_gives_each_device_once_when_pages_are_small(client: httpx.Client) -> None:
    first = client.get("/v1/devices?limit=2")
    second = client.get(first.links["next"]["url"])
    ids = [device["id"] for page in (first, second) for device in page.json()["devices"]]
    assert ids == ["attic", "kitchen", "yard"]
    assert second.json()["next"] is None
    assert "next" not in second.links

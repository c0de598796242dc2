"""Counts by hour and label, labels and scenes over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import httpx
import pytest

from earshot.events.event import EventState, SoundEvent

Commit = Callable[[Sequence[SoundEvent]], None]
MakeEvent = Callable[..., SoundEvent]
DAY = "from=2026-05-01T00:00:00Z&to=2026-05-01T02:00:00Z"


@pytest.fixture
def heard(commit: Commit, sound_event: MakeEvent) -> None:
    commit(
        [
            sound_event("kitchen", "Siren", 0),
            sound_event("hall", "Dog", 3599, category="animal"),
            sound_event("hall", "Dog", 3600, category="animal"),
            sound_event("hall", "Dog", 7200),
            sound_event("hall", "Music", 60, suppressed_by="ab" * 16),
        ]
    )


@pytest.mark.usefixtures("heard")
@pytest.mark.parametrize(
    ("query", "counts"),
    [
        ("", {"Dog": [1, 1], "Siren": [1, 0]}),
        ("&label=Dog", {"Dog": [1, 1]}),
        ("&device=kitchen", {"Siren": [1, 0]}),
        ("&category=animal&min_score=0.5", {"Dog": [1, 1]}),
        ("&suppressed=only", {"Music": [1, 0]}),
        ("&text=do", {"Dog": [1, 1]}),
        ("&label=Siren&device=hall", {}),
    ],
)
def test_events_are_counted_by_hour_and_label(
    client: httpx.Client, query: str, counts: dict[str, list[int]]
) -> None:
    answer = client.get(f"/v1/stats?{DAY}{query}").json()
    assert answer["hours"] == ["2026-05-01T00:00+00:00", "2026-05-01T01:00+00:00"]
    assert {each["label"]: each["counts"] for each in answer["labels"]} == counts
    assert answer["total"] == sum(map(sum, counts.values()))


@pytest.mark.usefixtures("heard")
def test_hours_are_those_of_the_zone(client: httpx.Client) -> None:
    answer = client.get(f"/v1/stats?{DAY}&zone=Europe/Berlin").json()
    assert answer["zone"] == "Europe/Berlin"
    assert answer["hours"] == ["2026-05-01T02:00+02:00", "2026-05-01T03:00+02:00"]


def test_the_last_day_is_counted_when_no_time_is_given(client: httpx.Client) -> None:
    answer = client.get("/v1/stats").json()
    assert answer["zone"] == "UTC"
    assert len(answer["hours"]) in (24, 25)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("zone=Europe/Berlim", "did you mean Europe/Berlin?"),
        ("zone=../../etc/passwd", "must be an IANA zone"),
        ("from=2026-05-02T00:00:00Z&to=2026-05-01T00:00:00Z", "from must be earlier than to"),
        ("from=2025-05-02T00:00:00Z&to=2026-05-01T00:00:00Z", "by 92 days at most"),
        ("from=1969-12-31T00:00:00Z&to=1970-01-01T00:00:00Z", "not before 1970"),
        ("lable=Dog", "did you mean label?"),
        ("limit=3", "there is no query parameter 'limit'"),
    ],
)
def test_what_cannot_be_counted_is_refused(client: httpx.Client, query: str, said: str) -> None:
    answer = client.get(f"/v1/stats?{query}")
    assert answer.status_code == 422
    assert said in answer.json()["detail"]


def test_labels_come_with_settings_and_counts(
    client: httpx.Client, commit: Commit, sound_event: MakeEvent
) -> None:
    now_ns = time.time_ns()
    commit([sound_event("hall", "Dog", s, onset_at_ns=now_ns, offset_at_ns=now_ns) for s in (1, 2)])
    commit([sound_event("yard", "Siren", 0)])
    siren, dog = client.get("/v1/labels").json()["labels"]
    assert (siren["label"], siren["num_events"]) == ("Siren", 0)
    assert (dog["label"], dog["num_events"], dog["classes"]) == ("Dog", 2, ["Dog", "Bark"])
    assert (dog["category"], dog["priority"]) == ("animal", "low")
    assert (dog["on_score"], dog["merge_gap_s"], dog["max_duration_s"]) == (0.35, 0.96, 600.0)


def test_scenes_tell_which_devices_are_in_them(
    client: httpx.Client, commit: Commit, sound_event: MakeEvent
) -> None:
    updated = {"category": "scene", "state": EventState.UPDATED}
    commit(
        [
            sound_event("hall", "Kitchen", 0, category="scene"),
            sound_event("hall", "Street", 60, **updated),
            sound_event("yard", "Street", 90, **updated),
        ]
    )
    kitchen, street = client.get("/v1/scenes").json()["scenes"]
    assert (kitchen["scene"], kitchen["devices"]) == ("Kitchen", [])
    assert street["devices"] == [
        {"device_id": "yard", "since": "2026-05-01T00:01:30.000000Z"},
        {"device_id": "hall", "since": "2026-05-01T00:01:00.000000Z"},
    ]

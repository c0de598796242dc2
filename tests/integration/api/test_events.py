"""Events over HTTP: what each filter lets pass, walking all pages, and an event's history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest

from earshot.events.event import EventState, SoundEvent

Commit = Callable[[Sequence[SoundEvent]], None]
MakeEvent = Callable[..., SoundEvent]


@pytest.fixture
def five(commit: Commit, sound_event: MakeEvent) -> None:
    """0 Siren kitchen, 10 Dog hall 0.3, 20 Siren hall, 30 Glass kitchen going on, 40 Dog yard."""
    commit(
        [
            sound_event("kitchen", "Siren", 0, peak_score=0.95),
            sound_event("hall", "Dog", 10, peak_score=0.3),
            sound_event("hall", "Siren", 20, peak_score=0.7),
            sound_event("kitchen", "Glass", 30, peak_score=0.5, state=EventState.STARTED),
            sound_event("yard", "Dog", 40, peak_score=0.6),
        ]
    )


def _onsets(client: httpx.Client, query: str) -> list[float]:
    answer = client.get(f"/v1/events?{query}")
    assert answer.status_code == 200, answer.text
    return [event["onset_s"] for event in answer.json()["events"]]


@pytest.mark.usefixtures("five")
@pytest.mark.parametrize(
    ("query", "onsets"),
    [
        ("", [40, 30, 20, 10, 0]),
        ("device=hall", [20, 10]),
        ("device=hall&device=yard", [40, 20, 10]),
        ("label=Siren", [20, 0]),
        ("label=Siren&label=Glass", [30, 20, 0]),
        ("label=Siren&device=yard", []),
        ("device=hall&label=Dog&min_score=0.2", [10]),
        ("min_score=0.6", [40, 20, 0]),
        ("min_score=0.95", [0]),
        ("state=started", [30]),
        ("state=ended&state=updated", [40, 20, 10, 0]),
        ("limit=2", [40, 30]),
        ("device=hall&device=hall", [20, 10]),
        ("max_score=0.5", [30, 10]),
        ("min_duration_s=2", [40, 30, 20, 10, 0]),
        ("min_duration_s=2.0001", []),
        ("text=DO", [40, 10]),
        ("text=yard&state=ended", [40]),
        ("category=safety&priority=high&suppressed=any", [40, 30, 20, 10, 0]),
        ("suppressed=only", []),
        ("category=scene", []),
        ("site=home", []),
        ("tag=indoor", []),
        ("end_reason=quiet", []),
        ("granularity=segment&origin=model&scene=", [40, 30, 20, 10, 0]),
        # Events last 2 s: the one from 10 to 12 overlaps (11, 20), the one that begins at 20 not.
        ("from=2026-05-01T00:00:11Z&to=2026-05-01T00:00:20Z", [10]),
        ("from=2026-05-01T00:00:12Z&to=2026-05-01T00:00:20Z", []),
        ("to=2026-05-01T00:00:10.000000001Z", [10, 0]),
        # The one that has not ended may last until now.
        ("from=2026-05-01T00:00:35Z&to=2026-05-01T00:00:40Z", [30]),
        ("from=2026-05-01T02:00:35%2B02:00", [40, 30]),
        ("from=2026-05-01T02:00:35+02:00", [40, 30]),
    ],
)
def test_events_that_pass_are_listed_newest_first_when_filtered(
    client: httpx.Client, query: str, onsets: list[float]
) -> None:
    assert _onsets(client, query) == onsets


def test_list_is_empty_when_nothing_was_heard(client: httpx.Client) -> None:
    assert client.get("/v1/events").json() == {"events": [], "next": None}


def test_event_has_times_and_units_when_shown(
    client: httpx.Client, commit: Commit, sound_event: MakeEvent
) -> None:
    commit([sound_event(onset_s=67, duration_s=3, peak_score=0.123456)])
    (event,) = client.get("/v1/events").json()["events"]
    shown = {name: event[name] for name in event if name.startswith(("on", "off", "dur"))}
    assert shown == {
        "onset_at": "2026-05-01T00:01:07.000000Z",
        "offset_at": "2026-05-01T00:01:10.000000Z",
        "onset_s": 67.0,
        "offset_s": 70.0,
        "duration_s": 3.0,
        "onset_sample": 67 * 16_000,
        "offset_sample": 70 * 16_000,
    }
    assert (event["peak_score"], event["mean_score"]) == (0.1235, 0.0617)
    assert event["level_dbfs"] == -21.4


def test_event_has_all_its_revisions_when_asked_by_id(
    client: httpx.Client,
    commit: Commit,
    sound_event: MakeEvent,
    ended: Callable[[SoundEvent, int], SoundEvent],
) -> None:
    started = sound_event(state=EventState.STARTED)
    commit([started])
    commit([ended(started, 9)])
    event = client.get(f"/v1/events/{started.event_id}").json()
    assert (event["revision"], event["state"], event["duration_s"]) == (2, "ended", 9.0)
    history = [(each["revision"], each["state"]) for each in event["revisions"]]
    assert history == [(1, "started"), (2, "ended")]
    assert {**event["revisions"][1], "revisions": event["revisions"]} == event


def test_suppressed_events_are_listed_when_asked_for(
    client: httpx.Client, commit: Commit, sound_event: MakeEvent
) -> None:
    commit([sound_event(), sound_event(label="Music", onset_s=1, suppressed_by="ab" * 16)])
    assert _onsets(client, "") == [0]
    assert _onsets(client, "suppressed=any") == [1, 0]
    assert _onsets(client, "suppressed=only") == [1]


def _walk(client: httpx.Client, url: str, meanwhile: Callable[[int], None]) -> list[dict[str, Any]]:
    """Follows the Link header to the end; `meanwhile` is called before each further page."""
    answer = client.get(url)
    events = list(answer.json()["events"])
    num_pages = 1
    while "next" in answer.links:
        meanwhile(num_pages)
        next_url = answer.links["next"]["url"]
        assert answer.json()["next"] is not None
        answer = client.get(next_url)
        assert answer.status_code == 200, answer.text
        events += answer.json()["events"]
        num_pages += 1
    assert answer.json()["next"] is None
    return events


@pytest.mark.parametrize("limit", [1, 7, 20, 500])
def test_walk_gives_each_event_once_when_events_begin_meanwhile(
    client: httpx.Client, commit: Commit, sound_event: MakeEvent, limit: int
) -> None:
    # Four events share each onset, so that pages end within a tie.
    devices = ("attic", "hall", "kitchen", "yard")
    stored = [sound_event(device, onset_s=second) for second in range(10) for device in devices]
    commit(stored)

    def begin(page: int) -> None:
        commit([sound_event("kitchen", "Dog", onset_s=1000 + page)])

    walked = _walk(client, f"/v1/events?limit={limit}&min_score=0.5", begin)
    expected = sorted(stored, key=lambda e: (e.onset_at_ns, e.event_id), reverse=True)
    assert [event["event_id"] for event in walked] == [event.event_id for event in expected]


def test_filters_hold_on_every_page_when_walked_by_the_cursor(
    client: httpx.Client, commit: Commit, sound_event: MakeEvent
) -> None:
    labels = ("Siren", "Dog", "Glass")
    commit([sound_event(label=labels[second % 3], onset_s=second) for second in range(30)])
    walked = _walk(client, "/v1/events?label=Dog&label=Glass&limit=3", lambda _: None)
    assert [event["onset_s"] for event in walked] == [s for s in range(29, -1, -1) if s % 3]

"""Scores of a stretch of time over HTTP, from a real model server and a real database."""

from __future__ import annotations

from datetime import datetime

import httpx
import pytest

from earshot.events.cloud_event import utc_text
from earshot.events.event import SoundEvent
from tests.integration.api import rescored_fixtures as fixtures
from tests.integration.api.rescored import DEVICE, Commit, Heard
from tests.integration.api.rescored_fixtures import BEGIN, END, RANGE, assert_close

model_server, heard = fixtures.model_server, fixtures.heard
events, client = fixtures.events, fixtures.client


def test_scores_of_a_stretch_are_what_the_notifier_saw_and_stand_as_its_events(
    client: httpx.Client, events: list[SoundEvent], heard: Heard
) -> None:
    answer = client.get(f"/v1/devices/{DEVICE}/scores", params=RANGE)
    assert answer.status_code == 200, answer.text
    before, after = answer.json()["stretches"]
    assert (len(before["at"]), len(after["at"])) == (45, 45)
    for index, name in enumerate(("Alarm", "Music")):
        told = [stretch["labels"][index] for stretch in (before, after)]
        assert [each["label"] for each in told] == [name, name]
        assert_close(told[0]["score"] + told[1]["score"], heard.scores(index))
    starts = [
        change["at"]
        for stretch in (before, after)
        for change in stretch["labels"][0]["standings"]
        if change["standing"] == "running"
    ]
    onsets = [utc_text(each.onset_at_ns) for each in events if each.label == "Alarm"]
    assert set(onsets) <= set(starts)


def test_a_moment_stands_as_it_does_in_the_whole(
    client: httpx.Client, events: list[SoundEvent]
) -> None:
    whole = client.get(f"/v1/devices/{DEVICE}/scores", params=RANGE).json()["stretches"][1]
    for patch in (3, 20, 44):
        at = whole["at"][patch]
        end = datetime.fromisoformat(at).timestamp() + 0.1
        moment = {"from": at, "to": utc_text(round(end * 1e6) * 1000), "label": "Alarm"}
        (stretch,) = client.get(f"/v1/devices/{DEVICE}/scores", params=moment).json()["stretches"]
        (alarm,) = stretch["labels"]
        assert stretch["at"] == [at]
        assert alarm["score"] == [whole["labels"][0]["score"][patch]]
        stood = [each for each in whole["labels"][0]["standings"] if each["at"] <= at][-1]
        assert alarm["standings"][0]["standing"] == stood["standing"]


def test_nothing_kept_is_said(client: httpx.Client, commit: Commit, heard: Heard) -> None:
    commit(heard.revisions)
    answer = client.get(f"/v1/devices/{DEVICE}/scores", params=RANGE).json()
    assert answer["stretches"] == []
    assert answer["missing_because"].startswith("no embeddings are kept of that time")


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/v1/events/unknown/explain", 404, "no event has the id 'unknown'"),
        (f"/v1/events/{'x' * 10_000}/explain", 422, "text of up to 128 characters"),
        ("/v1/events/%00/explain", 404, "no event has the id"),
        ("/v1/devices/unknown/scores?from={0}&to={1}", 404, "no device with the id 'unknown'"),
        ("/v1/devices/%00/scores?from={0}&to={1}", 404, "no device with the id"),
        (f"/v1/devices/{'x' * 10_000}/scores?from={{0}}&to={{1}}", 422, "up to 128 characters"),
        ("/v1/devices/kitchen/scores?from={1}&to={0}", 422, "from must be earlier than to"),
        ("/v1/devices/kitchen/scores?from={0}", 422, "query parameter to"),
        ("/v1/devices/kitchen/scores", 422, "query parameter from"),
        (
            "/v1/devices/kitchen/scores?from=2026-05-01T00:00:00Z&to=2026-05-01T01:00:01Z",
            422,
            "from and to must be at most 3600 s apart",
        ),
        (
            "/v1/devices/kitchen/scores?from=9999-01-01T00:00:00Z&to=9999-01-01T00:00:01Z",
            422,
            "to 2262",
        ),
        (
            "/v1/devices/kitchen/scores?from=1901-01-01T00:00:00Z&to=1901-01-01T00:00:01Z",
            422,
            "1970",
        ),
        ("/v1/devices/kitchen/scores?from={0}&to={1}&label=Alram", 422, "did you mean 'Alarm'?"),
        ("/v1/devices/kitchen/scores?from={0}&to={1}&labels=x", 422, "did you mean label?"),
    ],
)
def test_bad_questions_are_refused_with_what_is_allowed(
    client: httpx.Client,
    commit: Commit,
    heard: Heard,
    path: str,
    status: int,
    sentence: str,
) -> None:
    commit(heard.revisions)
    answer = client.get(path.format(BEGIN, END))
    assert (answer.status_code, answer.headers["content-type"]) == (
        status,
        "application/problem+json",
    )
    assert sentence in answer.json()["detail"]

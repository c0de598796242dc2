"""Explanations over HTTP, from a real model server and a real database."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import httpx
import numpy as np
from sqlalchemy import Engine

from earshot.embedded_broker import free_port
from earshot.events.cloud_event import utc_text
from earshot.events.event import EndReason, EventState, SoundEvent
from tests.integration.api import rescored_fixtures as fixtures
from tests.integration.api.conftest import MIDNIGHT_NS
from tests.integration.api.rescored import (
    DEVICE,
    HOP,
    HOP_NS,
    Commit,
    Heard,
    asked,
    keep,
    stricter,
)
from tests.integration.api.rescored_fixtures import RANGE, assert_close, labels_of

model_server, heard = fixtures.model_server, fixtures.heard
events, client = fixtures.events, fixtures.client


def explained(client: httpx.Client, event: SoundEvent) -> dict[str, Any]:
    answer = client.get(f"/v1/events/{event.event_id}/explain")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def kinds(explanation: dict[str, Any]) -> list[str]:
    return [reason["kind"] for reason in explanation["reasons"]]


def test_the_curve_is_what_the_notifier_saw(
    client: httpx.Client, events: list[SoundEvent], heard: Heard
) -> None:
    names = [label.name for label in heard.taxonomy.labels]
    for event in labels_of(events):
        curve = explained(client, event)["curve"]
        at_ns = [round(datetime.fromisoformat(at).timestamp() * 1e6) * 1000 for at in curve["at"]]
        patches = [round((each - MIDNIGHT_NS) / HOP_NS) for each in at_ns]
        tracked = dict(
            zip(
                (heard.first_samples // HOP).tolist(),
                heard.scores(names.index(event.label)),
                strict=True,
            )
        )
        assert_close(curve["score"], np.array([tracked[patch] for patch in patches]))
        inside = range(event.onset_sample // HOP, event.offset_sample // HOP)
        assert set(inside) <= set(patches)
        assert curve["model"] == "earshot-default@1"
        highest = np.max([member["score"] for member in curve["members"]], axis=0)
        assert highest.tolist() == curve["score"]


def test_events_are_explained_by_the_settings_that_made_them(
    client: httpx.Client, events: list[SoundEvent]
) -> None:
    assert len(labels_of(events)) > 5
    for event in labels_of(events):
        explanation = explained(client, event)
        assert explanation["event"]["event_id"] == event.event_id
        assert explanation["same_taxonomy"]
        assert (explanation["notes"], explanation["curve_missing_because"]) == ([], "")
        started, peak = (
            next(each for each in explanation["reasons"] if each["kind"] == kind)
            for kind in ("started", "peak")
        )
        assert "reached on_score" in started["sentence"] or "with a patch" in started["sentence"]
        assert "scored again" not in peak["sentence"]
        assert started["at"] == utc_text(event.onset_at_ns)
        assert kinds(explanation)[-1] == ("ended" if event.state is EventState.ENDED else "lasts")


def test_a_gap_is_told_with_its_length_and_shows_in_the_curve(
    client: httpx.Client, events: list[SoundEvent]
) -> None:
    cut = [each for each in labels_of(events) if each.end_reason is EndReason.GAP]
    assert cut
    for event in cut:
        explanation = explained(client, event)
        (gap,) = explanation["curve"]["gaps"]
        assert gap["from"] == utc_text(MIDNIGHT_NS + 45 * HOP_NS)
        (reason,) = [each for each in explanation["reasons"] if each["kind"] == "gap"]
        assert reason["sentence"] == "Nothing was heard for 4.80 s (overflow)."


def test_what_masked_an_event_is_named(client: httpx.Client, events: list[SoundEvent]) -> None:
    alarms = {each.event_id for each in events if each.label == "Alarm"}
    masked = [each for each in events if each.suppressed_by]
    assert masked
    for event in masked:
        reasons = [each for each in explained(client, event)["reasons"] if each["kind"] == "masked"]
        assert reasons
        assert all("Masked by Alarm" in each["sentence"] for each in reasons)
        assert any(alarm in reasons[0]["sentence"] for alarm in alarms)


def test_scenes_are_explained_too(client: httpx.Client, events: list[SoundEvent]) -> None:
    (scene,) = [each for each in events if each.category == "scene"]
    explanation = explained(client, scene)
    assert [each["name"] for each in explanation["thresholds"]] == [
        "min_score",
        "window_s",
        "dwell_s",
    ]
    assert len(explanation["curve"]["members"]) == 1


def test_overrides_of_the_device_are_in_force_with_their_place(
    engine: Engine, model_server: str, events: list[SoundEvent], heard: Heard
) -> None:
    alarm = next(each for each in events if each.label == "Alarm")
    with asked(engine, model_server, stricter(heard.taxonomy)) as client:
        explanation = explained(client, alarm)
    assert explanation["thresholds"][0] == {
        "name": "on_score",
        "value": 1.0,
        "stricter": "higher",
        "source": f"override for device {DEVICE[:4]}*, t.yaml:9",
    }
    assert explanation["same_taxonomy"] is False
    assert explanation["notes"] == [
        "The taxonomy was changed since: the thresholds are today's.",
        "Scored again by what is in force now, it would be no event.",
    ]


def test_an_answer_comes_without_a_curve_when_embeddings_are_gone(
    client: httpx.Client, commit: Commit, heard: Heard
) -> None:
    commit(heard.revisions)
    explanation = explained(client, heard.revisions[-1])
    assert explanation["curve"] is None
    assert "not kept any more" in explanation["curve_missing_because"]
    assert kinds(explanation)[0] == "started"
    assert explanation["thresholds"]


def test_an_answer_comes_without_a_curve_when_the_model_server_is_away(
    engine: Engine, events: list[SoundEvent], heard: Heard
) -> None:
    with asked(engine, f"127.0.0.1:{free_port()}", heard.taxonomy) as client:
        explanation = explained(client, labels_of(events)[0])
        scores = client.get(f"/v1/devices/{DEVICE}/scores", params=RANGE)
    assert explanation["curve"] is None
    missing = "the model server does not answer about earshot-default"
    assert explanation["curve_missing_because"] == missing
    assert (scores.status_code, scores.headers["retry-after"]) == (503, "5")
    assert scores.json()["detail"] == f"scores are asked of the model server: {missing}"


def test_another_version_scores_and_says_so_when_the_one_of_then_is_gone(
    engine: Engine, client: httpx.Client, commit: Commit, heard: Heard
) -> None:
    commit(heard.revisions)
    keep(engine, heard, model="earshot-default@9")
    remark = "earshot-default@9 is not served any more: earshot-default@1 scored it again."
    explanation = explained(client, labels_of(heard.revisions)[0])
    assert explanation["curve"]["model"] == "earshot-default@1"
    assert explanation["notes"] == [remark]
    scores = client.get(f"/v1/devices/{DEVICE}/scores", params=RANGE).json()
    assert scores["notes"] == [remark]


def test_a_model_that_is_not_served_at_all_is_named(
    engine: Engine, client: httpx.Client, commit: Commit, heard: Heard
) -> None:
    commit(heard.revisions)
    keep(engine, heard, model="stranger@1")
    explanation = explained(client, labels_of(heard.revisions)[0])
    assert explanation["curve"] is None
    assert "stranger" in explanation["curve_missing_because"]

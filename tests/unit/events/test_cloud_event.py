from __future__ import annotations

import json
from dataclasses import replace

import pytest

from earshot.events import cloud_event
from earshot.events.errors import BadEvent
from earshot.events.event import EndReason, EventState, Granularity, Origin, SoundEvent, event_id

EVENT = SoundEvent(
    event_id=event_id("kitchen", "01J", "Smoke alarm", 15_360),
    revision=2,
    state=EventState.ENDED,
    device_id="kitchen",
    session_id="01J",
    site="home",
    label="Smoke alarm",
    category="safety",
    priority="critical",
    onset_sample=15_360,
    offset_sample=46_080,
    onset_at_ns=1_777_605_127_960_000_123,
    offset_at_ns=1_777_605_129_880_000_123,
    peak_score=0.9375,
    mean_score=0.75,
    level_dbfs=-21.5,
    models=("vggish-compact@1", "earshot-default@1"),
    taxonomy_hash="0123456789abcdef",
    end_reason=EndReason.GAP,
    gap_reason="overflow",
    quiet_samples=15_360,
)


def test_a_revision_is_a_cloud_event() -> None:
    body = cloud_event.encode(EVENT)

    assert json.loads(body) == {
        "specversion": "1.0",
        "id": f"{EVENT.event_id}.2",
        "source": "earshot/kitchen",
        "type": "earshot.sound_event.v1.ended",
        "subject": EVENT.event_id,
        "time": "2026-05-01T03:12:09.880000Z",
        "datacontenttype": "application/json",
        "data": {
            "event_id": EVENT.event_id,
            "revision": 2,
            "state": "ended",
            "device_id": "kitchen",
            "session_id": "01J",
            "site": "home",
            "label": "Smoke alarm",
            "category": "safety",
            "priority": "critical",
            "onset_sample": 15_360,
            "offset_sample": 46_080,
            "onset_at_ns": 1_777_605_127_960_000_123,
            "offset_at_ns": 1_777_605_129_880_000_123,
            "onset_at": "2026-05-01T03:12:07.960000Z",
            "offset_at": "2026-05-01T03:12:09.880000Z",
            "peak_score": 0.9375,
            "mean_score": 0.75,
            "level_dbfs": -21.5,
            "scene": "",
            "suppressed_by": "",
            "models": ["vggish-compact@1", "earshot-default@1"],
            "taxonomy_hash": "0123456789abcdef",
            "granularity": "segment",
            "origin": "model",
            "end_reason": "gap",
            "gap_reason": "overflow",
            "quiet_samples": 15_360,
        },
    }


def test_the_time_of_a_start_is_the_onset() -> None:
    started = replace(EVENT, state=EventState.STARTED)

    assert json.loads(cloud_event.encode(started))["time"] == "2026-05-01T03:12:07.960000Z"


def test_a_device_name_stays_one_part_of_the_source() -> None:
    body = cloud_event.encode(replace(EVENT, device_id="lab:a/b ü"))

    assert json.loads(body)["source"] == "earshot/lab:a%2Fb%20%C3%BC"


def test_reading_gives_back_what_was_written() -> None:
    event = replace(EVENT, granularity=Granularity.CLIP, origin=Origin.HUMAN, peak_score=1 / 3)

    assert cloud_event.decode(cloud_event.encode(event)) == event


def test_fields_of_later_versions_are_left_out() -> None:
    body = json.loads(cloud_event.encode(EVENT))
    body["data"]["mood"] = "calm"

    assert cloud_event.decode(json.dumps(body)) == EVENT


def test_optional_fields_that_are_missing_take_their_default() -> None:
    body = json.loads(cloud_event.encode(EVENT))
    for name in ("scene", "end_reason", "gap_reason", "quiet_samples"):
        del body["data"][name]

    assert cloud_event.decode(json.dumps(body)) == replace(
        EVENT, end_reason=EndReason.NONE, gap_reason="", quiet_samples=0
    )


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"data": 3}', '{"data": {"state": "ended"}}', b"\xff", "[" * 100_000],
)
def test_anything_else_is_refused(body: str | bytes) -> None:
    with pytest.raises(BadEvent, match="not a sound event"):
        cloud_event.decode(body)


def test_the_id_of_an_event_is_that_of_its_onset() -> None:
    identity = event_id("kitchen", "01J", "Dog", 15_360)

    # Receivers tell events by it: it must not change from version to version.
    assert identity == "2c7a34c28edc6ed5729bfd807880f632"
    assert identity != event_id("kitchen", "01J", "Dog1", 5_360)

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from earshot.events.event import EndReason, EventState, Granularity, Origin
from earshot.store.errors import BadQuery
from earshot.store.filter import EventFilter

EACH_FIELD: dict[str, Any] = {
    "device_ids": ("kitchen",),
    "labels": ("Dog",),
    "from_ns": 1,
    "to_ns": 2,
    "min_score": 0.5,
    "states": (EventState.STARTED,),
    "sites": ("home",),
    "tags": ("indoor",),
    "categories": ("animal",),
    "priorities": ("low",),
    "granularities": (Granularity.CLIP,),
    "origins": (Origin.HUMAN,),
    "scenes": ("Kitchen",),
    "end_reasons": (EndReason.GAP,),
    "is_suppressed": False,
    "max_score": 0.9,
    "min_duration_samples": 16_000,
    "text": "dog",
}


def test_every_field_makes_another_filter() -> None:
    assert set(EACH_FIELD) == set(EventFilter.__slots__)
    filters = [EventFilter(**{name: value}) for name, value in EACH_FIELD.items()]
    digests = {EventFilter().digest(), *(each.digest() for each in filters)}
    assert len(digests) == len(EACH_FIELD) + 1
    assert replace(EventFilter(), text="dog").digest() == EventFilter(text="dog").digest()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"from_ns": 2**63}, "from: .* out of range"),
        ({"to_ns": -(2**63)}, "to: .* out of range"),
        ({"min_score": 1.01}, "min_score: 1.01 is out of range; allowed: 0 to 1"),
        ({"min_score": float("nan")}, "min_score: nan is out of range"),
        ({"max_score": -0.1}, "max_score: -0.1 is out of range; allowed: 0 to 1"),
        ({"min_duration_samples": -1}, "min_duration: -1 samples is out of range"),
        ({"labels": ("a\x00",)}, "NUL is not allowed"),
        ({"text": "a\x00"}, "text: the character NUL is not allowed"),
        ({"device_ids": ("\x00",)}, "NUL is not allowed"),
    ],
)
def test_a_filter_no_event_can_pass_is_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(BadQuery, match=message):
        EventFilter(**values)

"""The event that travels as JSON has the fields that `event.proto` defines, and its words."""

from __future__ import annotations

from dataclasses import fields, replace
from enum import Enum
from pathlib import Path

import pytest

from earshot.contracts.v1 import event_pb2
from earshot.events import cloud_event
from earshot.events.event import EndReason, EventState, Granularity, Origin, SoundEvent, event_id

GOLDEN = Path(__file__).with_name("golden")

EVENT = SoundEvent(
    event_id=event_id("kitchen-1", "01JD3Z9T5X8V6W4K2M0N7P1Q3R", "Smoke alarm", 168_960),
    revision=2,
    state=EventState.ENDED,
    device_id="kitchen-1",
    session_id="01JD3Z9T5X8V6W4K2M0N7P1Q3R",
    site="home",
    label="Smoke alarm",
    category="safety",
    priority="critical",
    onset_sample=168_960,
    offset_sample=353_280,
    onset_at_ns=1_790_000_010_560_000_000,
    offset_at_ns=1_790_000_022_080_000_000,
    peak_score=0.875,
    mean_score=0.75,
    level_dbfs=-18.5,
    scene="kitchen",
    suppressed_by="",
    models=("vggish-compact@1", "earshot-default@1"),
    taxonomy_hash="46bc65269ebdc61a",
)


def test_the_fields_are_those_of_the_definition_in_its_order() -> None:
    defined = [field.name for field in event_pb2.SoundEvent.DESCRIPTOR.fields]
    assert [field.name for field in fields(SoundEvent)] == defined


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (EventState, "EventState"),
        (Granularity, "Granularity"),
        (Origin, "Origin"),
        (EndReason, "EndReason"),
    ],
)
def test_the_words_are_the_values_of_the_definition(words: type[Enum], name: str) -> None:
    values = event_pb2.DESCRIPTOR.enum_types_by_name[name].values_by_name
    prefix = next(iter(values)).removesuffix("UNSPECIFIED")
    defined = {value.removeprefix(prefix).lower() for value in values} - {"unspecified"}
    assert {word.value for word in words if word.value} == defined


def test_the_golden_json_of_v1_parses_for_ever() -> None:
    assert cloud_event.decode((GOLDEN / "event.v1.json").read_bytes()) == EVENT


def test_what_v1_gained_later_is_read_back() -> None:
    event = replace(EVENT, end_reason=EndReason.GAP, gap_reason="overflow", quiet_samples=15_360)
    assert cloud_event.decode(cloud_event.encode(event)) == event


def test_a_field_of_a_later_version_is_passed_over() -> None:
    body = cloud_event.encode(EVENT).replace('"data":{', '"data":{"field_of_later":1,')
    assert cloud_event.decode(body) == EVENT

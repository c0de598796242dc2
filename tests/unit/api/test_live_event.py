"""Entries as messages of the live feed, and filters."""

from __future__ import annotations

import json
from typing import Any

import pytest

from earshot.streams.entry import Delivery, Entry
from earshot.streams.entry_id import EntryId
from services.api.live_event import LiveEvent, LiveFilter, live_events, message, with_tags

DATA: dict[str, Any] = {
    "device_id": "kitchen",
    "label": "Smoke alarm",
    "category": "safety",
    "site": "home",
    "priority": "critical",
    "scene": "Kitchen",
    "origin": "model",
    "state": "ended",
    "peak_score": 0.9,
}


def delivery(body: bytes, entry_id: str = "7-1") -> Delivery:
    return Delivery(entry_id, Entry("kitchen", "s", 1, body=body))


def event(**values: Any) -> LiveEvent:
    (found,) = live_events([delivery(json.dumps({"data": {**DATA, **values}}).encode())])
    return found


def test_an_event_is_its_entry_id_and_the_bytes_of_the_stream() -> None:
    body = json.dumps({"data": DATA, "unknown": "kept"}).encode()
    (found,) = live_events([delivery(body)])
    assert found.entry_id == EntryId(7, 1)
    assert found.frame == b"id: 7-1\nevent: sound\ndata: " + body + b"\n\n"


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_a_body_of_several_lines_stays_one_message(line_end: bytes) -> None:
    frame = message("sound", b"{" + line_end + line_end.join([b'"id": 1', b"}"]))
    assert frame == b'event: sound\ndata: {\ndata: "id": 1\ndata: }\n\n'


@pytest.mark.parametrize(
    "body", [b"", b"no", b"[]", b"{}", b'{"data": 1}', b'{"data": {"label": "Dog"}}', b"\xff"]
)
def test_what_is_no_event_is_left_out(body: bytes) -> None:
    unreadable = Delivery("1-0", None, "no field 'body'")
    assert live_events([unreadable, delivery(body)]) == []


@pytest.mark.parametrize(
    ("wanted", "is_sent"),
    [
        (LiveFilter(), True),
        (LiveFilter(device_ids=frozenset({"hall", "kitchen"})), True),
        (LiveFilter(device_ids=frozenset({"hall"})), False),
        (LiveFilter(labels=frozenset({"Smoke alarm"}), categories=frozenset({"safety"})), True),
        (LiveFilter(labels=frozenset({"Smoke alarm"}), categories=frozenset({"impact"})), False),
        (LiveFilter(states=frozenset({"started"})), False),
        (LiveFilter(sites=frozenset({"home"}), priorities=frozenset({"critical"})), True),
        (LiveFilter(sites=frozenset({"office"})), False),
        (LiveFilter(priorities=frozenset({"low"})), False),
        (LiveFilter(scenes=frozenset({"Kitchen"}), origins=frozenset({"model"})), True),
        (LiveFilter(scenes=frozenset({"Street"})), False),
        (LiveFilter(origins=frozenset({"human"})), False),
        (LiveFilter(min_score=0.9), True),
        (LiveFilter(min_score=0.91), False),
        (LiveFilter(text="OKE AL"), True),
        (LiveFilter(text="hom"), True),
        (LiveFilter(text="KITCH"), True),
        (LiveFilter(text="hall"), False),
        (LiveFilter(text="home", labels=frozenset({"Siren"})), False),
        (LiveFilter(tags=frozenset({"indoor", "pets"})), False),
    ],
)
def test_a_filter_asks_for_all_its_fields(wanted: LiveFilter, is_sent: bool) -> None:
    assert wanted.matches(event()) is is_sent


def test_a_tag_is_one_that_the_device_has_now() -> None:
    wanted = LiveFilter(tags=frozenset({"indoor", "pets"}))

    def tagged(*tags: str) -> LiveEvent:
        (found,) = with_tags([event()], lambda ids: {each: frozenset(tags) for each in ids})
        return found

    assert wanted.matches(tagged("upstairs", "pets"))
    assert not wanted.matches(tagged("Pets"))
    assert not wanted.matches(tagged())

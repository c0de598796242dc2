"""Revisions on a terminal."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from earshot.cli.watching import revisions
from earshot.cli.watching.revisions import Shown, json_line, line

EVENT: dict[str, Any] = {
    "event_id": "5f0c",
    "revision": 3,
    "state": "ended",
    "device_id": "kitchen",
    "label": "Smoke alarm",
    "onset_at": "2026-05-01T23:30:07.040000Z",
    "onset_sample": 16_000,
    "offset_sample": 400_000,
    "peak_score": 0.94123,
}


@pytest.fixture(autouse=True)
def _berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_a_line_has_local_time_duration_and_score() -> None:
    assert line(EVENT) == (
        "2026-05-02 01:30:07  kitchen           Smoke alarm           ended       24.0 s  0.94"
    )


def test_a_label_cannot_command_the_terminal() -> None:
    assert "\x1b" not in line({**EVENT, "label": "\x1b[2Jgone\n"})


def test_a_line_for_programs_is_the_whole_object() -> None:
    assert json.loads(json_line(EVENT)) == EVENT
    assert "\n" not in json_line({**EVENT, "label": "a\nb"})


def test_a_revision_is_news_once_and_older_ones_never() -> None:
    shown = Shown()
    assert shown.is_news(EVENT)
    assert not shown.is_news(EVENT)
    assert not shown.is_news({**EVENT, "revision": 2})
    assert shown.is_news({**EVENT, "revision": 4})
    assert shown.is_news({**EVENT, "event_id": "other", "revision": 1})


def test_only_the_last_events_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisions, "MAX_KNOWN", 2)
    shown = Shown()
    for event_id in ("a", "b", "a", "c"):
        shown.is_news({**EVENT, "event_id": event_id, "revision": 1})
    assert not shown.is_news({**EVENT, "event_id": "c", "revision": 1})
    assert shown.is_news({**EVENT, "event_id": "a", "revision": 1})

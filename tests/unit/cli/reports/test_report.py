from __future__ import annotations

from pathlib import Path

import numpy as np

from earshot.cli.errors import FileRefused
from earshot.cli.reports.report import Report, ReportedEvent, top_classes
from earshot.events.event import EventState, SoundEvent
from earshot.events.labels import ClassIndex

CLASSES = ClassIndex(
    Path("labels.csv"), ("/m/a", "/m/b", "/m/c"), ("A", "B", "C"), {"A": 0, "B": 1, "C": 2}
)


def test_the_top_is_sorted_and_the_first_of_equals_comes_first() -> None:
    top = top_classes(np.array([0.25, 0.5, 0.5], np.float16), CLASSES, 2)
    assert [(each.label, each.mid, each.score) for each in top] == [
        ("B", "/m/b", 0.5),
        ("C", "/m/c", 0.5),
    ]


def test_the_top_is_no_longer_than_there_are_classes() -> None:
    assert len(top_classes(np.zeros(3, np.float16), CLASSES, 10)) == 3


def test_an_event_is_said_in_seconds() -> None:
    event = SoundEvent(
        "id", 2, EventState.ENDED, "d", "s", "", "Dog", "animal", "normal",
        15_360, 46_081, 0, 0, float(np.float16(0.9)), 0.5, -20.0,
    )  # fmt: skip
    assert ReportedEvent.of(event) == ReportedEvent("Dog", 0.96, 2.880063, 0.8999)


def test_a_refused_file_has_every_key_and_no_value_but_the_reason() -> None:
    report = Report.of_refused(Path("a.wav"), FileRefused(Path("a.wav"), "empty file"))
    assert report.to_json() == {
        "file": "a.wav",
        "duration_s": None,
        "sample_rate_hz": None,
        "top": (),
        "events": (),
        "model": None,
        "error": "empty file",
    }

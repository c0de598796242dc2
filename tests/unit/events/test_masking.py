from __future__ import annotations

import pytest

from earshot.events.masking import Masking
from earshot.events.open_event import OpenEvent
from earshot.events.patch import Patch
from tests.unit.events.feeding import label

LABELS = (
    label("Dog", parent="Animal"),
    label("Animal"),
    label("Music", priority="low"),
    label("Speech", masks=("Music", "Rain")),
    label("Rain"),
    label("Siren", masks=("Music", "Speech"), priority="high"),
    label("Alarm", masks=("Music",), priority="critical"),
    label("Horn", masks=("Music",), priority="critical"),
)


def event(name: str, suppressed_by: str = "") -> OpenEvent:
    begun = OpenEvent.begin(name, "", "", Patch(0, 0, 0.0))
    begun.suppressed_by = suppressed_by
    return begun


@pytest.mark.parametrize(
    ("name", "suppressed_by", "lasting", "expected"),
    [
        ("Music", "", "", ""),
        ("Music", "", "Rain Dog", ""),
        ("Music", "", "Speech", "Speech"),
        ("Music", "", "Speech Siren", "Siren"),  # the higher priority
        ("Music", "", "Horn Alarm", "Alarm"),  # the first in the taxonomy
        ("Music", "Speech", "Speech Siren", "Speech"),  # it lasts
        ("Music", "Alarm", "Speech Siren", "Siren"),  # it does not
        ("Music", "Alarm", "", ""),
        ("Animal", "", "Dog", "Dog"),  # its child
        ("Dog", "", "Animal", ""),  # its parent
        ("Rain", "", "Siren", ""),  # the siren masks speech, which would mask rain
        ("Music", "", "Music", ""),
    ],
)
def test_an_event_is_suppressed_by_what_masks_it(
    name: str, suppressed_by: str, lasting: str, expected: str
) -> None:
    masking = Masking(LABELS, lambda event: event.label)
    events = {other: event(other) for other in lasting.split()}

    assert masking.suppressor(event(name, suppressed_by), events) == expected


def test_a_suppressed_event_masks_too() -> None:
    masking = Masking(LABELS, lambda event: event.label)

    assert masking.suppressor(event("Rain"), {"Speech": event("Speech", "Siren")}) == "Speech"

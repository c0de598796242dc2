"""Which events are marked as suppressed, by which, and when that changes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from earshot.events.event import SoundEvent
from earshot.events.taxonomy import Taxonomy
from earshot.events.tracker import Tracker
from tests.unit.events.feeding import DEVICE, HOP, SESSION, label, play, taxonomy

DUO = taxonomy(label("Music"), label("Alarm", masks=("Music",)))
LONG_ALARM = taxonomy(label("Music"), label("Alarm", masks=("Music",), duration=3, gap=1))
FAMILY = taxonomy(label("Dog", parent="Animal"), label("Animal"))
TRIO = taxonomy(
    label("Siren", masks=("Music",), priority="high"),
    label("Music"),
    label("Alarm", masks=("Music",), priority="critical"),
)
CHAIN = taxonomy(
    label("Music"), label("Speech", masks=("Music",)), label("Alarm", masks=("Speech",))
)
CLICKS = taxonomy(label("Click", longest=1), label("Alarm", masks=("Click",)))


def told(events: Sequence[SoundEvent]) -> list[str]:
    """Each revision as `label revision state by-whom@onset`."""
    names = {event.event_id: f"{event.label}@{event.onset_sample // HOP}" for event in events}
    return [
        f"{e.label} {e.revision} {e.state.value} {names.get(e.suppressed_by, '')}".rstrip()
        for e in events
    ]


# Taxonomy, a line of scores per label, revisions. | ends the session.
CASES = {
    "it starts while its masker lasts": (
        DUO,
        [".##.", "####"],
        ["Alarm 1 started", "Music 1 started Alarm@0", "Music 2 ended Alarm@0"],
    ),
    "its masker starts while it lasts": (
        DUO,
        ["####.", ".###."],
        [
            "Music 1 started",
            "Alarm 1 started",
            "Music 2 updated Alarm@1",
            "Music 3 ended Alarm@1",
            "Alarm 2 ended",
        ],
    ),
    "both start at once": (
        DUO,
        ["##", "##"],
        ["Music 1 started Alarm@0", "Alarm 1 started"],
    ),
    "its masker ends before it": (
        DUO,
        ["###.", "#..."],
        [
            "Music 1 started Alarm@0",
            "Alarm 1 started",
            "Alarm 2 ended",
            "Music 2 updated",
            "Music 3 ended",
        ],
    ),
    "it starts when its masker ends": (
        DUO,
        [".#", "#."],
        ["Alarm 1 started", "Music 1 started", "Alarm 2 ended"],
    ),
    "it ends when its masker starts": (
        DUO,
        ["#.", ".#"],
        ["Music 1 started", "Music 2 ended", "Alarm 1 started"],
    ),
    "a masker masks once it is given out": (
        LONG_ALARM,
        ["####", "####"],
        ["Music 1 started", "Alarm 1 started", "Music 2 updated Alarm@0"],
    ),
    "a masker too short masks nothing": (LONG_ALARM, ["####", "##.."], ["Music 1 started"]),
    "a masker masks through its bridged pauses": (
        LONG_ALARM,
        ["...#..", "###.#."],
        ["Alarm 1 started", "Music 1 started Alarm@0", "Music 2 ended Alarm@0"],
    ),
    "a child suppresses its parent": (
        FAMILY,
        [".#..", "####"],
        [
            "Animal 1 started",
            "Dog 1 started",
            "Animal 2 updated Dog@1",
            "Dog 2 ended",
            "Animal 3 updated",
        ],
    ),
    "of several the one of the highest priority, and the next when it ends": (
        TRIO,
        ["###.", "####", "#..."],
        [
            "Siren 1 started",
            "Music 1 started Alarm@0",
            "Alarm 1 started",
            "Alarm 2 ended",
            "Music 2 updated Siren@0",
            "Siren 2 ended",
            "Music 3 updated",
        ],
    ),
    "the one that suppresses it goes on while it lasts": (
        TRIO,
        ["##", "##", ".#"],
        ["Siren 1 started", "Music 1 started Siren@0", "Alarm 1 started"],
    ),
    "a suppressed event suppresses too": (
        CHAIN,
        ["#", "#", "#"],
        ["Music 1 started Speech@0", "Speech 1 started Alarm@0", "Alarm 1 started"],
    ),
    "a masker does not reach beyond what it masks": (
        CHAIN,
        ["#", ".", "#"],
        ["Music 1 started", "Alarm 1 started"],
    ),
    "it starts and ends with one patch": (
        CLICKS,
        [".#", "##"],
        ["Alarm 1 started", "Click 1 started Alarm@0", "Click 2 ended Alarm@0"],
    ),
    "at the session's end it stays suppressed": (
        DUO,
        ["##|", "##|"],
        ["Music 1 started Alarm@0", "Alarm 1 started", "Music 2 ended Alarm@0", "Alarm 2 ended"],
    ),
}


@pytest.mark.parametrize(("labels", "lines", "expected"), CASES.values(), ids=CASES.keys())
def test_events_are_suppressed_while_what_masks_them_lasts(
    labels: Taxonomy, lines: list[str], expected: list[str]
) -> None:
    assert told(play(Tracker(labels, DEVICE, SESSION), *lines)) == expected


def test_an_update_holds_what_is_known_so_far() -> None:
    revised = play(Tracker(DUO, DEVICE, SESSION), "##==", ".#.#")

    updated = [event for event in revised if event.label == "Music"][1]
    assert (updated.onset_sample, updated.offset_sample) == (0, 2 * HOP)
    assert (updated.peak_score, updated.mean_score) == (0.75, 0.75)
    assert updated.end_reason.value == updated.gap_reason == ""

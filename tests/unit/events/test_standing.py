"""A few patches, written down as marks, and how each label stands after the last of them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earshot.contracts.messages import Flags
from earshot.events.event import EventState
from earshot.events.standing import LabelStanding, Standing, label_standings
from earshot.events.taxonomy import Label, Scene, Scenes, Taxonomy
from earshot.events.tracker import Tracker
from tests.unit.events.feeding import BORN_NS, DEVICE, HOP_NS, SCORES, SESSION, label, play
from tests.unit.events.feeding import feed as feed_scores

HAS_EVENT = {Standing.RUNNING, Standing.ENDING, Standing.MASKED, Standing.SUPPRESSED}


TWO = "goes on at 0.50, ends after 1.92 s"


def of(start_patches: int, start_window_patches: int) -> dict[str, int]:
    return {"start_patches": start_patches, "start_window_patches": start_window_patches}


def stand(labels: tuple[Label, ...], *lines: str) -> list[LabelStanding]:
    """How the labels stand after the last patch; a line per label, as `play` takes them."""
    taxonomy = Taxonomy(labels)
    tracker = Tracker(taxonomy, DEVICE, SESSION)
    play(tracker, *lines)
    scores = [SCORES[line.removesuffix("|")[-1]] for line in lines]
    return label_standings(taxonomy, DEVICE, SESSION, tracker.to_state(), scores)


@pytest.mark.parametrize(
    ("settings", "line", "standing", "sentence"),
    [
        ({}, ".", "quiet", "0.12, needs 0.50"),
        ({}, "=", "below", "0.38, needs 0.50"),
        ({}, "#", "running", "0.75, an event for 0.96 s"),
        ({}, "#=", "running", "0.38, an event for 1.92 s"),
        ({"gap": 2}, "##.", "ending", f"0.12, pausing for 0.96 s: {TWO}"),
        ({"gap": 2}, "##.=", "ending", f"0.38, pausing for 1.92 s: {TWO}"),
        ({"gap": 2}, "##.#", "running", "0.75, an event for 3.84 s"),
        ({"gap": 1}, "##..", "quiet", "0.12, needs 0.50"),
        (of(2, 2), "#", "counting", "1 of the 2 patches it takes"),
        (of(3, 5), "#.#", "counting", "2 of the 3 patches it takes within 5"),
        (of(2, 3), "#.", "counting", "1 of the 2 patches it takes within 3"),
        (of(2, 3), "#..", "counting", "1 of the 2 patches it takes within 3"),
        (of(2, 3), "#...", "quiet", "0.12, needs 0.50"),
        (of(2, 3), "#.#", "running", "0.75, an event for 2.88 s"),
        ({"duration": 3}, "##", "short", "1.92 s of the 2.88 s it takes"),
        ({"duration": 3, "gap": 1}, "##.", "short", "1.92 s of the 2.88 s it takes"),
        ({"duration": 3}, "###", "running", "0.75, an event for 2.88 s"),
        ({"longest": 2}, "##", "counting", "0.75, its event has just ended"),
        ({"longest": 2}, "###", "running", "0.75, an event for 0.96 s"),
        ({}, "##|", "counting", "0.75, its event has just ended"),
    ],
)  # fmt: skip
def test_a_label_stands(settings: dict[str, int], line: str, standing: str, sentence: str) -> None:
    (found,) = stand((label(**settings),), line)
    assert (found.standing.value, found.sentence) == (standing, sentence)


def test_an_event_is_named_with_its_onset() -> None:
    labels = (label(),)
    tracker = Tracker(Taxonomy(labels), DEVICE, SESSION)
    (started,) = play(tracker, ".##")
    (running,) = label_standings(Taxonomy(labels), DEVICE, SESSION, tracker.to_state(), [0.75])
    assert running.event_id == started.event_id
    assert running.since_ns == BORN_NS + HOP_NS
    (short,) = stand((label(duration=9),), "##")
    assert (short.event_id, short.since_ns) == ("", None)


def test_a_masked_label_says_who_masks_it() -> None:
    labels = (label("Alarm", masks=("Music",)), label("Music"))
    alarm, music = stand(labels, "##", "##")
    assert (alarm.standing, music.standing) == (Standing.RUNNING, Standing.MASKED)
    assert music.sentence == "masked by Alarm"
    assert (music.event_id != "", music.suppressed_by) == (True, alarm.event_id)


def test_a_parent_says_which_label_is_more_exact() -> None:
    labels = (label("Bark", parent="Animal"), label("Animal"))
    assert [(each.standing.value, each.sentence) for each in stand(labels, "##", "##")] == [
        ("running", "0.75, an event for 1.92 s"),
        ("suppressed", "told as Bark, which says it more exactly"),
    ]


def test_a_masker_that_a_changed_taxonomy_took_out_has_no_name() -> None:
    labels = (label("Alarm", masks=("Music",)), label("Music"))
    tracker = Tracker(Taxonomy(labels), DEVICE, SESSION)
    play(tracker, "##", "##")
    state = tracker.to_state()
    state["open"] = [each for each in state["open"] if each["label"] == "Music"]
    (music,) = label_standings(Taxonomy(labels[1:]), DEVICE, SESSION, state, [0.75])
    assert music.sentence == "masked by another event"


@pytest.mark.parametrize(
    ("score", "on", "sentence"),
    [
        (0.4976, 0.5, "0.498, needs 0.50"),
        (0.49976, 0.5, "0.4998, needs 0.50"),
        (0.1, 0.35, "0.10, needs 0.35"),
        (0.3498, 0.35, "0.3499, needs 0.35"),
    ],
)
def test_a_score_just_below_does_not_read_as_if_it_had_reached(
    score: float, on: float, sentence: str
) -> None:
    taxonomy = Taxonomy((label(on=on, off=0.0),))
    tracker = Tracker(taxonomy, DEVICE, SESSION)
    feed_scores(tracker, [score])
    heard = float(np.float16(score))
    (found,) = label_standings(taxonomy, DEVICE, SESSION, tracker.to_state(), [heard])
    assert (found.standing, found.sentence) == (Standing.BELOW, sentence)


def test_what_was_heard_before_there_was_no_sound_stays() -> None:
    labels = (
        label("Dog", gap=9),
        label("Rain"),
        label("Cat", **of(2, 9)),
    )
    taxonomy = Taxonomy(labels)
    tracker = Tracker(taxonomy, DEVICE, SESSION)
    play(tracker, "#", ".", "#")
    found = label_standings(taxonomy, DEVICE, SESSION, tracker.to_state(), None)
    assert [(each.standing.value, each.sentence, each.score) for each in found] == [
        ("running", "no sound, an event for 0.96 s", None),
        ("quiet", "no sound", None),
        ("counting", "1 of the 2 patches it takes within 9", None),
    ]


def test_before_the_first_patch_there_is_no_sound() -> None:
    taxonomy = Taxonomy((label(),))
    state = Tracker(taxonomy, DEVICE, SESSION).to_state()
    (found,) = label_standings(taxonomy, DEVICE, SESSION, state, None)
    assert (found.standing, found.sentence) == (Standing.QUIET, "no sound")


LABELS = (
    label("Bark", on=0.5, off=0.3, parent="Animal"),
    label("Animal", start_patches=2, start_window_patches=3, gap=1),
    label("Siren", duration=3, gap=2, masks=("Rain", "Bark"), priority="high"),
    label("Rain", gap=1, longest=4),
)
TAXONOMY = Taxonomy(LABELS, Scenes((Scene("Street", (), (), 0.3),), window_patches=3))
MARKS = st.lists(st.text("#=.", min_size=4, max_size=4), min_size=1, max_size=25)


@settings(max_examples=50)
@given(MARKS, st.sets(st.integers(1, 24), max_size=3))
def test_a_label_has_an_event_exactly_while_one_is_open(patches: list[str], gaps: set[int]) -> None:
    tracker = Tracker(TAXONOMY, DEVICE, SESSION)
    lasting: dict[str, tuple[str, str]] = {}
    for index, patch in enumerate(patches):
        scores = [SCORES[mark] for mark in patch]
        flags = Flags.GAP if index in gaps else Flags.NONE
        for event in feed_scores(tracker, [scores], index, flags):
            lasting[event.label] = (event.event_id, event.suppressed_by)
            if event.state is EventState.ENDED:
                del lasting[event.label]
        state = json.loads(json.dumps(tracker.to_state()))
        found = label_standings(TAXONOMY, DEVICE, SESSION, state, scores)
        told = {each.label: each for each in found if each.standing in HAS_EVENT}
        assert lasting == {name: (each.event_id, each.suppressed_by) for name, each in told.items()}
        for each in found:
            is_suppressed = each.standing in {Standing.MASKED, Standing.SUPPRESSED}
            assert is_suppressed == bool(each.suppressed_by)
            if each.standing in {Standing.QUIET, Standing.BELOW}:
                assert each.score is not None
                assert each.score < each.on_score

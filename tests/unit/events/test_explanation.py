from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from earshot.events.curve import Curve
from earshot.events.event import EndReason, SoundEvent
from earshot.events.explanation import Explanation, explain
from earshot.events.reason import Reason
from earshot.events.taxonomy import Label, Scene, Scenes, Taxonomy
from earshot.events.tracker import Tracker
from tests.unit.events.curves import curve, curve_of
from tests.unit.events.feeding import (
    BORN_NS,
    DEVICE,
    HOP,
    HOP_NS,
    SESSION,
    feed,
    label,
    play,
    taxonomy,
)

START = {"start_patches": 2, "start_window_patches": 3}


def explained(
    scores: str, known: Label, in_force: Label | None = None, heard_again: Curve | None = None
) -> Explanation:
    """What is said of the first event of these scores, followed by `known`."""
    tracker = Tracker(taxonomy(known), DEVICE, SESSION)
    revisions = [*play(tracker, scores), *tracker.break_off()]
    own = [each for each in revisions if each.event_id == revisions[0].event_id]
    return explain(own, {}, taxonomy(in_force or known), heard_again or curve(scores))


def sentences(explanation: Explanation) -> dict[str, str]:
    return {each.kind: each.sentence for each in explanation.reasons}


def test_an_event_is_explained_from_its_start_to_its_end() -> None:
    explanation = explained("..#.#==#..", label(gap=1, **START))
    assert explanation.reasons == (
        Reason(
            BORN_NS + 2 * HOP_NS,
            "started",
            "It started when 2 of 3 patches had reached on_score 0.5: 0.750, 0.125, 0.750; "
            "2 of at most 3 are asked for.",
        ),
        Reason(
            BORN_NS + 2 * HOP_NS,
            "peak",
            "Its score was highest here: 0.750, by the class class 0.",
        ),
        Reason(
            BORN_NS + 8 * HOP_NS,
            "ended",
            "It ended: the score fell to 0.125, below off_score 0.25, and did not reach on_score "
            "0.5 again within merge_gap_s 0.96. Of its 5.76 s, 0.96 s were pauses.",
        ),
    )
    assert explanation.notes == ()
    assert explanation.thresholds[0].name == "on_score"


def test_one_patch_is_said_when_one_is_enough() -> None:
    said = sentences(explained(".#.", label()))
    assert said["started"] == "It started with a patch at 0.750: on_score is 0.5."
    assert said["ended"] == "It ended: the score fell to 0.125, below off_score 0.25."


def test_many_patches_are_counted_and_not_listed() -> None:
    said = sentences(explained("#" * 9, label(start_patches=7, start_window_patches=8)))
    assert said["started"] == (
        "It started when 7 of 7 patches had reached on_score 0.5; 7 of at most 8 are asked for."
    )


def test_the_peak_names_the_class_that_gave_it() -> None:
    both = curve(".#=#.", ".=##.", names=("Bark", "Howl"))
    both.class_scores[3, 1] = 0.875
    tracker = Tracker(taxonomy(label()), DEVICE, SESSION)
    revisions = feed(tracker, both.scores.tolist())
    explanation = explain(revisions, {}, taxonomy(label()), both)
    (peak,) = [each for each in explanation.reasons if each.kind == "peak"]
    assert peak.at_ns == BORN_NS + 3 * HOP_NS
    assert peak.sentence == "Its score was highest here: 0.875, by the class Howl."


def test_other_scores_than_then_are_admitted() -> None:
    softer = curve_of([[0.125], [0.625], [0.125]], range(3))
    said = sentences(explained(".#.", label(), heard_again=softer))
    assert said["peak"].startswith("Its score was highest here: 0.750 then, 0.625 when scored")


@pytest.mark.parametrize(
    ("in_force", "note"),
    [
        (label(on=0.8), "Scored again by what is in force now, it would be no event."),
        (
            label(**START),
            "Scored again by what is in force now, it would begin 2.88 s after its onset and last "
            "2.88 s.",
        ),
        (label(gap=5), None),
    ],
)
def test_what_todays_settings_would_make_of_it_is_a_note(in_force: Label, note: str | None) -> None:
    explanation = explained(".#..###..", label(gap=2), in_force)
    changed = "The taxonomy was changed since: the thresholds are today's."
    assert explanation.notes[0] == changed
    assert list(explanation.notes[1:]) == ([] if note is None else [note])


def test_no_number_is_given_for_an_end_that_it_does_not_explain() -> None:
    said = sentences(explained(".#..##=...", label(gap=2), label(gap=2, off=0.5)))
    assert said["ended"].startswith("It ended: the label had been off for longer than its merge")


def test_a_start_that_todays_settings_would_not_make_is_counted() -> None:
    said = sentences(explained(".#..", label(), label(**START)))
    assert said["started"] == (
        "It started here. Scored again, 1 of the first 3 patches reach on_score 0.5, and 2 must, "
        "beginning with the first: by what is in force now it would not start here."
    )


@pytest.mark.parametrize("scores", [".##=  .#", ".##=     "])
def test_an_end_by_a_gap_says_how_long_it_was_when_that_is_known(scores: str) -> None:
    tracker = Tracker(taxonomy(label()), DEVICE, SESSION)
    revisions = [*play(tracker, ".##="), *tracker.break_off(EndReason.GAP, "overflow")]
    explanation = explain(revisions, {}, taxonomy(label()), curve(scores))
    said = sentences(explanation)
    assert said["ended"] == "It ended where sound was lost (overflow)."
    known = "Nothing was heard for 1.92 s (overflow)."
    assert said.get("gap") == (known if scores.endswith("#") else None)


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (EndReason.SESSION_END, "It ended with the session: the source stopped."),
        (EndReason.SOURCE_GONE, "It ended because nothing more was heard of the device (refused)."),
    ],
)
def test_other_ends_are_said(reason: EndReason, sentence: str) -> None:
    tracker = Tracker(taxonomy(label()), DEVICE, SESSION)
    why = "refused" if reason is EndReason.SOURCE_GONE else ""
    revisions = [*play(tracker, ".##"), *tracker.break_off(reason, why)]
    explanation = explain(revisions, {}, taxonomy(label()), curve(".##"))
    assert sentences(explanation)["ended"] == sentence
    assert explanation.notes == ()


def test_the_longest_event_says_so() -> None:
    said = sentences(explained("#####", label(longest=3)))
    assert said["ended"] == "It was cut at max_duration_s 2.88; what went on is another event."


def test_an_event_that_lasts_says_how_far_it_is_known() -> None:
    tracker = Tracker(taxonomy(label()), DEVICE, SESSION)
    explanation = explain(play(tracker, ".##"), {}, taxonomy(label()), curve(".##"))
    assert explanation.reasons[-1].kind == "lasts"


def test_masks_and_parents_are_told_apart_and_their_end_is_said() -> None:
    alarm, bark = label("Alarm", masks=("Dog",)), label("Bark", parent="Dog")
    known = taxonomy(alarm, bark, label("Dog", gap=9))
    tracker = Tracker(known, DEVICE, SESSION)
    revised = play(tracker, ".##......", "......##.", "#########")
    dog = [each for each in revised if each.label == "Dog"]
    others = {each.event_id: each for each in revised if each.label != "Dog"}
    reasons = explain(dog, others, known, None).reasons
    assert [each.kind for each in reasons] == [
        "started", "peak", "masked", "free", "suppressed", "free", "lasts",
    ]  # fmt: skip
    masked, suppressed = reasons[2], reasons[4]
    assert masked.sentence.startswith("Masked by Alarm, which lasts too and may sound like it. (")
    assert suppressed.sentence.startswith("Suppressed by Bark, which lasts too and says it more")
    gone = explain(dog, {}, known, None).reasons[2]
    assert gone.sentence.endswith("which is not kept any more.")


def test_an_event_is_explained_without_scores_too() -> None:
    tracker = Tracker(taxonomy(label()), DEVICE, SESSION)
    explanation = explain(play(tracker, ".##.."), {}, taxonomy(label()), None)
    assert [each.sentence for each in explanation.reasons] == [
        "It started here.",
        "Its highest score was 0.750.",
        "It ended: the label had been off for longer than its merge gap.",
    ]
    assert [each.at_ns is None for each in explanation.reasons] == [False, True, False]


def test_a_label_that_is_gone_has_no_thresholds() -> None:
    tracker = Tracker(taxonomy(label("Cat")), DEVICE, SESSION)
    explanation = explain(play(tracker, ".##.."), {}, taxonomy(label("Dog")), None)
    assert explanation.thresholds == ()
    assert explanation.notes[1] == "There is no label Cat in force at kitchen now."


def scene_event(**fields: Any) -> SoundEvent:
    event = play(Tracker(taxonomy(label()), DEVICE, SESSION), ".##..")[-1]
    return replace(event, label="Street", category="scene", **fields)


def test_scenes_are_explained_by_what_reigns() -> None:
    scenes = Scenes((Scene("Street", ("Bus",), (), 0.2),), 10, 5 * HOP)
    known = Taxonomy((label(),), scenes)
    event = scene_event(taxonomy_hash=known.taxonomy_hash)
    explanation = explain([event], {}, known, curve(".##.."))
    said = sentences(explanation)
    assert "no scene had a higher mean over 10 s" in said["started"]
    assert "min_score 0.2" in said["started"]
    assert said["ended"] == "It ended: it had not led for dwell_s 4.8."
    assert [each.name for each in explanation.thresholds] == ["min_score", "window_s", "dwell_s"]
    assert explanation.notes == ("The curve is the scene's own score; the mean of it decides.",)
    assert explain([event], {}, taxonomy(label()), None).thresholds == ()

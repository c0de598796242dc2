"""Why an event is one: what started it, how high it got, what suppressed it, what ended it.

When it was, how long, and why it ended, is told from what is stored; the numbers behind that from
its scores, with the settings that are in force now. Where these would not make the same event, a
note says so, and no sentence gives a number for what it did not decide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from earshot.audio.params import PATCH_HOP_SAMPLES
from earshot.events.beginning import label_started, peak, scene_started
from earshot.events.curve import Curve
from earshot.events.ending import label_ended, scene_ended
from earshot.events.event import SCENE_CATEGORY, EventState, SoundEvent
from earshot.events.reason import Reason, seconds
from earshot.events.replay import replayed
from earshot.events.suppressors import suppressors
from earshot.events.taxonomy import Label, Scene, Taxonomy
from earshot.events.threshold import Threshold, label_thresholds, scene_thresholds


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an event is one.

    Attributes:
        thresholds: In force now; none when the taxonomy has no such label or scene any more.
        reasons: By time, the end last; what has no time after the start.
        notes: What to bear in mind about thresholds and reasons.
    """

    thresholds: tuple[Threshold, ...]
    reasons: tuple[Reason, ...]
    notes: tuple[str, ...]


def explain(
    revisions: Sequence[SoundEvent],
    others: Mapping[str, SoundEvent],
    taxonomy: Taxonomy,
    curve: Curve | None,
) -> Explanation:
    """Returns why an event is one, and why it is as it is.

    Args:
        revisions: Of the event, oldest first; one at least.
        others: The events that their `suppressed_by` name, by id; those that are gone left out.
        taxonomy: In force at the device now.
        curve: Of the event's label or scene, from its onset to beyond its end; or None.
    """
    event = revisions[-1]
    is_same = event.taxonomy_hash == taxonomy.taxonomy_hash
    changed = () if is_same else ("The taxonomy was changed since: the thresholds are today's.",)
    if event.category == SCENE_CATEGORY:
        return _of_scene(event, taxonomy, curve, changed)
    label = next((each for each in taxonomy.labels if each.name == event.label), None)
    outcome = None if label is None or curve is None else _outcome(event, label, curve)
    reasons = [
        label_started(event, label, curve),
        peak(event, curve),
        *suppressors(revisions, others, taxonomy),
        *label_ended(event, label, curve, outcome == ""),
    ]
    gone = f"There is no label {event.label} in force at {event.device_id} now."
    return Explanation(
        () if label is None else label_thresholds(taxonomy, label),
        _ordered(event, reasons),
        (*changed, *((gone,) if label is None else ()), *((outcome,) if outcome else ())),
    )


def _of_scene(
    event: SoundEvent, taxonomy: Taxonomy, curve: Curve | None, notes: tuple[str, ...]
) -> Explanation:
    scenes = taxonomy.scenes
    scene: Scene | None = next((s for s in scenes.scenes if s.name == event.label), None)
    # The peak of a scene is that of a running mean, which the curve is not.
    reasons = [
        scene_started(event, scene, scenes),
        peak(event, None),
        scene_ended(event, scenes),
    ]
    if curve is not None:
        notes = (*notes, "The curve is the scene's own score; the mean of it decides.")
    thresholds = () if scene is None else scene_thresholds(taxonomy, scene)
    return Explanation(thresholds, _ordered(event, reasons), notes)


def _outcome(event: SoundEvent, label: Label, curve: Curve) -> str | None:
    """Returns what the settings in force now would make of it; empty: the same.

    None when that cannot be told: the event lasts, or the curve does not have all of it.
    """
    end_sample = int(curve.first_samples[-1]) + PATCH_HOP_SAMPLES
    is_whole = curve.position(event.onset_sample) is not None and end_sample >= event.offset_sample
    if event.state is not EventState.ENDED or not is_whole:
        return None
    now = replayed(label, curve, event)
    if now is None:
        return "Scored again by what is in force now, it would be no event."
    if (now.onset_sample, now.offset_sample) == (event.onset_sample, event.offset_sample):
        return ""
    later = seconds(now.onset_sample - event.onset_sample)
    return (
        f"Scored again by what is in force now, it would begin {later} after its onset and last "
        f"{seconds(now.offset_sample - now.onset_sample)}."
    )


def _ordered(event: SoundEvent, reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """Returns them by time, the end last: what decides it may come after the offset.

    Those of one moment, and of none, stay as they came.
    """

    def place(reason: Reason) -> tuple[bool, int]:
        at_ns = event.onset_at_ns if reason.at_ns is None else reason.at_ns
        return reason.kind in {"ended", "lasts"}, at_ns

    return tuple(sorted(reasons, key=place))

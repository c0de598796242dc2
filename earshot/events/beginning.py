"""Why an event started, and where its score was highest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from earshot.audio.params import PATCH_HOP_SAMPLES, SAMPLE_RATE_HZ
from earshot.events.curve import Curve
from earshot.events.event import SoundEvent
from earshot.events.label_tracker import rounded
from earshot.events.reason import Reason, shown
from earshot.events.replay import opening
from earshot.events.taxonomy import Label, Scene, Scenes

MAX_LISTED = 6  # scores in a sentence


def label_started(event: SoundEvent, label: Label | None, curve: Curve | None) -> Reason:
    """Returns why an event of a label started.

    Args:
        event: The event.
        label: As it is in force now; None when there is no such label any more.
        curve: Of the label; None when there is none.
    """
    sentence = "It started here."
    if label is not None and curve is not None and curve.position(event.onset_sample) is not None:
        heard = opening(label, curve, event.onset_sample)
        sentence = _failed(event, label, curve) if heard is None else _began(label, heard)
    return Reason(event.onset_at_ns, "started", sentence)


def scene_started(event: SoundEvent, scene: Scene | None, scenes: Scenes) -> Reason:
    """Returns why a scene came to reign."""
    sentence = "It began to lead here, and reigned once it had led long enough."
    if scene is not None:
        window_s = scenes.window_patches * PATCH_HOP_SAMPLES / SAMPLE_RATE_HZ
        dwell_s = scenes.dwell_samples / SAMPLE_RATE_HZ
        sentence = (
            f"It began to lead here: no scene had a higher mean over {window_s:.0f} s, and it was "
            f"at min_score {scene.min_score:g} or above. It reigned once it had led for "
            f"dwell_s {dwell_s:g}."
        )
    return Reason(event.onset_at_ns, "started", sentence)


def peak(event: SoundEvent, curve: Curve | None) -> Reason:
    """Returns how high an event's score got; of its curve's patches, when and by which class."""
    sentence = f"Its score was highest here: {shown(event.peak_score)}"
    inside = None if curve is None else _inside(event, curve)
    if curve is None or inside is None or not len(inside):
        return Reason(None, "peak", f"Its highest score was {shown(event.peak_score)}.")
    highest = int(inside[np.argmax(curve.scores[inside])])
    by_class = curve.class_names[int(np.argmax(curve.class_scores[highest]))]
    again = float(curve.scores[highest])
    if shown(again) != shown(event.peak_score):
        sentence += f" then, {shown(again)} when scored again"
    return Reason(int(curve.at_ns[highest]), "peak", f"{sentence}, by the class {by_class}.")


def _inside(event: SoundEvent, curve: Curve) -> NDArray[np.intp]:
    """Returns the positions of the patches from onset to offset."""
    is_inside = (curve.first_samples >= event.onset_sample) & (
        curve.first_samples < event.offset_sample
    )
    return np.flatnonzero(is_inside)


def _began(label: Label, heard: list[float]) -> str:
    if label.start_patches == 1:
        return f"It started with a patch at {shown(heard[0])}: on_score is {label.on_score:g}."
    listed = ", ".join(map(shown, heard)) if len(heard) <= MAX_LISTED else ""
    return (
        f"It started when {label.start_patches} of {len(heard)} patches had reached on_score "
        f"{label.on_score:g}{': ' if listed else ''}{listed}; {label.start_patches} of at most "
        f"{label.start_window_patches} are asked for."
    )


def _failed(event: SoundEvent, label: Label, curve: Curve) -> str:
    """Says why it would be no onset, if it were for what is in force now."""
    first = curve.position(event.onset_sample) or 0
    heard = curve.scores[first : first + label.start_window_patches]
    num_reached = int(np.sum(heard >= rounded(label).on_score))
    return (
        f"It started here. Scored again, {num_reached} of the first {len(heard)} patches reach "
        f"on_score {label.on_score:g}, and {label.start_patches} must, beginning with the first: "
        "by what is in force now it would not start here."
    )

"""Which scene reigns at a moment, and what keeps another one from taking over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from earshot.audio.params import PATCH_HOP_SAMPLES, SAMPLE_RATE_HZ
from earshot.events.taxonomy import Scenes

_PATCH_S = PATCH_HOP_SAMPLES / SAMPLE_RATE_HZ


@dataclass(frozen=True, slots=True)
class SceneStanding:
    """How the scenes stand.

    Attributes:
        scene: The one that reigns; empty when none does.
        sentence: For people: `Street leads for 12 s of the 30 s it takes`; empty when the
            taxonomy has no scenes.
        since_ns: UTC when its reign began; None without one.
        leading: The one that leads and does not reign yet; empty when none does.
    """

    scene: str = ""
    sentence: str = ""
    since_ns: int | None = None
    leading: str = ""


def scene_standing(scenes: Scenes, tracker_state: Mapping[str, Any]) -> SceneStanding:
    """Returns how the scenes stand.

    Args:
        scenes: Of the taxonomy in force at the device.
        tracker_state: What `Tracker.to_state` returned; one of a version without scenes will do.
    """
    state = tracker_state.get("scenes")
    if not scenes.scenes or state is None:
        return SceneStanding()
    reigning, leading = state["reigning"] or {}, state["leading"] or {}
    return SceneStanding(
        reigning.get("label", ""),
        _sentence(scenes, state, reigning, leading),
        reigning.get("onset_at_ns"),
        leading.get("label", ""),
    )


def _sentence(
    scenes: Scenes,
    state: Mapping[str, Any],
    reigning: Mapping[str, Any],
    leading: Mapping[str, Any],
) -> str:
    dwell_s = scenes.dwell_samples / SAMPLE_RATE_HZ
    if state["num_heard"] < scenes.window_patches:
        heard_s, window_s = state["num_heard"] * _PATCH_S, scenes.window_patches * _PATCH_S
        return f"heard {heard_s:.0f} s of the {window_s:.0f} s it takes to tell a scene"
    if leading:
        leads_s = leading["num_patches"] * _PATCH_S
        return f"{leading['label']} leads for {leads_s:.0f} s of the {dwell_s:.0f} s it takes"
    if not reigning:
        return "no scene is likely enough"
    if state["num_unled"]:
        return f"unlikely for {state['num_unled'] * _PATCH_S:.0f} s, ends after {dwell_s:.0f} s"
    lasts_s = (reigning["offset_sample"] - reigning["onset_sample"]) / SAMPLE_RATE_HZ
    return f"{reigning['label']} for {lasts_s:.0f} s"

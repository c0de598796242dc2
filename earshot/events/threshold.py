"""What decides about the events of a label or scene: each setting in force, and who set it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from earshot.audio.params import PATCH_HOP_SAMPLES, SAMPLE_RATE_HZ
from earshot.events.taxonomy import Label, Scene, Taxonomy
from earshot.events.taxonomy_settings import attribute

Stricter: TypeAlias = Literal["higher", "lower", ""]

_OF_LABELS: dict[str, Stricter] = {
    "on_score": "higher",
    "off_score": "higher",
    "start_patches": "higher",
    "start_window_patches": "lower",
    "min_duration_s": "higher",
    "merge_gap_s": "",
    "max_duration_s": "",
}


@dataclass(frozen=True, slots=True)
class Threshold:
    """One setting in force.

    Attributes:
        name: As in the taxonomy file; seconds for names that end in `_s`.
        value: In that unit.
        stricter: Which way makes fewer events; empty where it is no question of more or fewer.
        source: As `Taxonomy.origin` says it.
    """

    name: str
    value: float
    stricter: Stricter
    source: str


def label_thresholds(taxonomy: Taxonomy, label: Label) -> tuple[Threshold, ...]:
    """Returns the settings of a label of this taxonomy."""
    return tuple(
        Threshold(name, _value(label, name), stricter, taxonomy.origin(label.name, attribute(name)))
        for name, stricter in _OF_LABELS.items()
    )


def scene_thresholds(taxonomy: Taxonomy, scene: Scene) -> tuple[Threshold, ...]:
    """Returns the settings of a scene of this taxonomy."""
    scenes = taxonomy.scenes
    window_s = scenes.window_patches * PATCH_HOP_SAMPLES / SAMPLE_RATE_HZ
    settings: list[tuple[str, float, Stricter]] = [
        ("min_score", scene.min_score, "higher"),
        ("window_s", window_s, ""),
        ("dwell_s", scenes.dwell_samples / SAMPLE_RATE_HZ, "higher"),
    ]
    return tuple(Threshold(*each, taxonomy.origin(scene.name, each[0])) for each in settings)


def _value(label: Label, name: str) -> float:
    value: float = getattr(label, attribute(name))
    return value / SAMPLE_RATE_HZ if name.endswith("_s") else value

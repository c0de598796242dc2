"""Makes a `Taxonomy` of a file whose form and sense are checked, with the line of everything."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from earshot.audio.params import PATCH_HOP_SAMPLES, SAMPLE_RATE_HZ
from earshot.events.located_yaml import KeyPath, LocatedYaml
from earshot.events.taxonomy import Label, Override, Scene, Scenes, Taxonomy
from earshot.events.taxonomy_settings import DEFAULTS, attribute, attributes


def build_taxonomy(yaml: LocatedYaml) -> Taxonomy:
    """Returns the taxonomy of a file without problems."""
    root = yaml.value
    places: dict[tuple[str, ...], str] = {}
    origins: dict[tuple[str, str], str] = {}
    defaults = root.get("defaults", {})
    for index, label in enumerate(root["labels"]):
        path: KeyPath = ("labels", index)
        name = label["name"]
        places |= {(name, *of): at for of, at in _member_places(yaml, path, label).items()}
        origins |= {(name, attribute(k)): _default_place(yaml, k) for k in defaults}
        origins |= {
            (name, attribute(key)): f"label {name}, {yaml.place((*path, key))}" for key in label
        }
    scenes = root.get("scenes", {})
    for index, scene in enumerate(scenes.get("list", [])):
        path = ("scenes", "list", index)
        at_scene = _member_places(yaml, path, scene)
        places |= {("scene", scene["name"], *of): at for of, at in at_scene.items()}
        origins |= _scene_origins(yaml, scenes, index)
    return Taxonomy(
        tuple(_label(DEFAULTS | defaults | label) for label in root["labels"]),
        _scenes(scenes),
        tuple(_override(yaml, i, o) for i, o in enumerate(root.get("overrides", []))),
        places,
        origins,
    )


def _label(in_force: Mapping[str, Any]) -> Label:
    return Label(**{"classes": (), **attributes(in_force)})


def _member_places(
    yaml: LocatedYaml, path: KeyPath, item: Mapping[str, Any]
) -> dict[tuple[str, ...], str]:
    """Returns the beginning of messages about each member that a label or scene names."""
    return {
        (name,): str(yaml.error((*path, key, index), ""))
        for key in ("subtrees", "classes")
        for index, name in enumerate(item.get(key, []))
    }


def _default_place(yaml: LocatedYaml, key: str) -> str:
    return f"defaults, {yaml.place(('defaults', key))}"


def _scene_origins(
    yaml: LocatedYaml, scenes: Mapping[str, Any], index: int
) -> dict[tuple[str, str], str]:
    """Returns who set the settings of one scene; no label has settings of these names."""
    scene = scenes["list"][index]
    name, own, path = scene["name"], "min_score", ("scenes", "list", index, "min_score")
    origins = {
        (name, key): f"scenes, {yaml.place(('scenes', key))}"
        for key in ("window_s", "dwell_s", own)
        if key in scenes
    }
    return origins | ({(name, own): f"scene {name}, {yaml.place(path)}"} if own in scene else {})


def _scenes(scenes: Mapping[str, Any]) -> Scenes:
    if not scenes:
        return Scenes()
    min_score = scenes.get("min_score", Scene("", ()).min_score)
    window_s, dwell_s = scenes.get("window_s", 60), scenes.get("dwell_s", 30)
    return Scenes(
        tuple(
            Scene(
                scene["name"],
                tuple(scene.get("classes", ())),
                tuple(scene.get("subtrees", ())),
                float(scene.get("min_score", min_score)),
            )
            for scene in scenes["list"]
        ),
        math.ceil(window_s * SAMPLE_RATE_HZ / PATCH_HOP_SAMPLES),
        round(dwell_s * SAMPLE_RATE_HZ),
    )


def _override(yaml: LocatedYaml, index: int, override: Mapping[str, Any]) -> Override:
    path: KeyPath = ("overrides", index, "labels")
    by_label = override["labels"]
    return Override(
        override.get("device", ""),
        override.get("site", ""),
        override.get("tag", ""),
        {name: attributes(changes) for name, changes in by_label.items()},
        {
            (name, attribute(key)): yaml.place((*path, name, key))
            for name, changes in by_label.items()
            for key in changes
        },
    )

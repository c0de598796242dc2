"""What a taxonomy must not say, though its form is right: names, masks, parents and crossings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from earshot.events.hint import did_you_mean
from earshot.events.located_yaml import KeyPath, Problem
from earshot.events.override_checks import override_problems
from earshot.events.suppression import first_circle, suppressed_by_each
from earshot.events.taxonomy_settings import DEFAULTS, NOT_ABOVE


def taxonomy_problems(root: Mapping[str, Any]) -> list[Problem]:
    """Returns what makes no sense in a file of the right form.

    Args:
        root: The file's value, which fits the schema.
    """
    labels, overrides = root["labels"], root.get("overrides", [])
    defaults = root.get("defaults", {})
    scenes = root.get("scenes", {}).get("list", [])
    names = [label["name"] for label in labels]
    problems = [
        *_seconds(("labels",), "label", labels),
        *_seconds(("scenes", "list"), "scene", scenes),
        *_shared_names(scenes, names),
        *_crossings(labels, defaults),
        *_unknown_names(labels, names),
        *override_problems(overrides, labels, defaults),
    ]
    return problems or _circles(labels, overrides)


def _seconds(path: KeyPath, kind: str, listed: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    names: set[str] = set()
    for index, item in enumerate(listed):
        if item["name"] in names:
            yield Problem((*path, index, "name"), f"a second {kind} named {item['name']!r}")
        names.add(item["name"])


def _shared_names(scenes: Sequence[Mapping[str, Any]], labels: Iterable[str]) -> Iterator[Problem]:
    """What a device hears as a scene is an event too, with the scene's name for its label."""
    for index, scene in enumerate(scenes):
        if scene["name"] in labels:
            where: KeyPath = ("scenes", "list", index, "name")
            yield Problem(where, f"a label is named {scene['name']!r} too")


def _crossings(
    labels: Sequence[Mapping[str, Any]], defaults: Mapping[str, Any]
) -> Iterator[Problem]:
    for index, label in enumerate(labels):
        in_force = {**DEFAULTS, **defaults, **label}
        for lower, upper in NOT_ABOVE:
            if in_force[lower] > in_force[upper]:
                keys = [key for key in (lower, upper) if key in label]
                given = [key for key in (lower, upper) if key in defaults]
                path = ("labels", index, keys[0]) if keys else ("defaults", given[0])
                message = f"{lower} {in_force[lower]} must not be above {upper} {in_force[upper]}"
                yield Problem(path, message)


def _unknown_names(labels: Sequence[Mapping[str, Any]], known: Iterable[str]) -> Iterator[Problem]:
    for index, label in enumerate(labels):
        path: KeyPath = ("labels", index)
        masked = [((*path, "masks", i), name) for i, name in enumerate(label.get("masks", []))]
        parent = [((*path, "parent"), label["parent"])] if "parent" in label else []
        for where, name in masked + parent:
            if name == label["name"]:
                yield Problem(where, f"{name!r} is the label itself")
            elif name not in known:
                yield Problem(where, f"there is no label {name!r}{did_you_mean(name, known)}")


def _circles(
    labels: Sequence[Mapping[str, Any]], overrides: Sequence[Mapping[str, Any]]
) -> list[Problem]:
    """Returns the first circle of labels that suppress each other: all of them at once."""
    indexes = {label["name"]: index for index, label in enumerate(labels)}
    parents = {label["name"]: [label["parent"]] for label in labels if "parent" in label}
    circle = first_circle(parents)
    if circle:
        path: KeyPath = ("labels", indexes[circle[0]], "parent")
        return [Problem(path, f"parents go in a circle: {' → '.join(circle)}")]
    masks = {label["name"]: label.get("masks", []) for label in labels}
    circle = first_circle(suppressed_by_each(masks, parents))
    if circle:
        return [Problem(("labels", indexes[circle[0]]), _in_a_circle(circle))]
    for index, override in enumerate(overrides):
        there = {n: s["masks"] for n, s in override["labels"].items() if "masks" in s}
        circle = first_circle(suppressed_by_each(masks | there, parents)) if there else []
        if circle:
            name = next(name for name in circle if name in there)
            return [Problem(("overrides", index, "labels", name, "masks"), _in_a_circle(circle))]
    return []


def _in_a_circle(circle: Sequence[str]) -> str:
    return f"labels mask each other in a circle: {' → '.join(circle)}"

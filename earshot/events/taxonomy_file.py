"""Reads `taxonomy.yaml` and refuses what makes no sense: file, line, key and what is allowed.

defaults: {on_score: 0.35, off_score: 0.2, min_duration_s: 0, merge_gap_s: 0.96}
labels:
  - name: Dog
    category: animal
    priority: normal
    classes: [Dog, Bark]        # AudioSet display names
    on_score: 0.4               # any default, for this label alone
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from earshot.audio.params import SAMPLE_RATE_HZ
from earshot.events.hint import did_you_mean
from earshot.events.located_yaml import KeyPath, LocatedYaml
from earshot.events.taxonomy import CATEGORIES, PRIORITIES, Label, Taxonomy

MAX_DURATION_S = 3600.0
LIMITS = {
    "on_score": (0.0, 1.0),
    "off_score": (0.0, 1.0),
    "min_duration_s": (0.0, MAX_DURATION_S),
    "merge_gap_s": (0.0, MAX_DURATION_S),
}
DEFAULTS = {"on_score": 0.35, "off_score": 0.2, "min_duration_s": 0.0, "merge_gap_s": 0.96}
TEXTS = ("name", "category", "priority")
CHOICES = {"category": CATEGORIES, "priority": PRIORITIES}


def load_taxonomy(file: Path) -> Taxonomy:
    """Reads and checks a taxonomy; class names are checked against a model by `members_of`.

    Raises:
        BadTaxonomy: In one line: file, line, key, and what is allowed there.
    """
    yaml = LocatedYaml(file)
    root = _mapping(yaml, (), yaml.value, ("defaults", "labels"))
    defaults = DEFAULTS | _numbers(yaml, ("defaults",), root.get("defaults", {}))
    listed = root.get("labels")
    if not isinstance(listed, list) or not listed:
        raise yaml.error(("labels",), "must be a list of at least one label")
    labels: dict[str, Label] = {}
    places: dict[tuple[str, str], str] = {}
    for index, value in enumerate(listed):
        path: KeyPath = ("labels", index)
        label = _label(yaml, path, value, defaults)
        if label.name in labels:
            raise yaml.error((*path, "name"), f"a second label named {label.name!r}")
        labels[label.name] = label
        for number, name in enumerate(label.classes):
            places[label.name, name] = str(yaml.error((*path, "classes", number), ""))
    return Taxonomy(tuple(labels.values()), places)


def _label(yaml: LocatedYaml, path: KeyPath, value: Any, defaults: dict[str, float]) -> Label:
    mapping = _mapping(yaml, path, value, (*TEXTS, "classes", *LIMITS))
    name, category, priority = (_text(yaml, (*path, key), mapping.get(key)) for key in TEXTS)
    given = {key: value for key, value in mapping.items() if key in LIMITS}
    numbers = defaults | _numbers(yaml, path, given)
    if numbers["off_score"] > numbers["on_score"]:
        key = "off_score" if "off_score" in given else "on_score"
        raise yaml.error(
            (*path, key),
            f"off_score {numbers['off_score']} must not be above on_score {numbers['on_score']}",
        )
    return Label(
        name,
        category,
        priority,
        _classes(yaml, (*path, "classes"), mapping.get("classes")),
        numbers["on_score"],
        numbers["off_score"],
        round(numbers["min_duration_s"] * SAMPLE_RATE_HZ),
        round(numbers["merge_gap_s"] * SAMPLE_RATE_HZ),
    )


def _mapping(
    yaml: LocatedYaml, path: KeyPath, value: Any, allowed: Iterable[str]
) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise yaml.error(path, f"must be a mapping with the keys {', '.join(allowed)}")
    for key in value:
        if key not in allowed:
            hint = did_you_mean(key, allowed) or f"; allowed are {', '.join(allowed)}"
            raise yaml.error((*path, key), f"unknown key{hint}")
    return value


def _text(yaml: LocatedYaml, path: KeyPath, value: Any) -> str:
    if value is None:
        raise yaml.error(path, "is missing")
    if not isinstance(value, str) or not value.strip() or len(value) > 100:
        raise yaml.error(path, f"must be a text of 1 to 100 characters, not {value!r}")
    allowed = CHOICES.get(str(path[-1]))
    if allowed and value not in allowed:
        hint = did_you_mean(value, allowed)
        raise yaml.error(path, f"{value!r} is none of {', '.join(allowed)}{hint}")
    return value


def _classes(yaml: LocatedYaml, path: KeyPath, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise yaml.error(path, "must be a list of at least one class of the model")
    for index, name in enumerate(value):
        _text(yaml, (*path, index), name)
        if name in value[:index]:
            raise yaml.error((*path, index), f"{name!r} stands here twice")
    return tuple(value)


def _numbers(yaml: LocatedYaml, path: KeyPath, value: Any) -> dict[str, float]:
    mapping = _mapping(yaml, path, value, LIMITS)
    for key, number in mapping.items():
        lowest, highest = LIMITS[key]
        is_number = isinstance(number, (int, float)) and not isinstance(number, bool)
        if not is_number or not math.isfinite(number) or not lowest <= number <= highest:
            message = f"must be a number from {lowest:g} to {highest:g}, not {number!r}"
            raise yaml.error((*path, key), message)
    return {key: float(number) for key, number in mapping.items()}

"""Checks overrides: that they name labels there are, and agree wherever they hold together.

Each setting in force at a device comes from one override or from the label itself. Two settings
of a label that must not cross are therefore checked wherever they may come from: against the label,
and against every other override that can match the same device.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from earshot.events.hint import did_you_mean
from earshot.events.located_yaml import KeyPath, Problem
from earshot.events.taxonomy_settings import DEFAULTS, NOT_ABOVE

CONDITIONS = ("device", "site", "tag")


@dataclass(frozen=True, slots=True)
class _Setter:
    """Who sets a setting: an override with its index, or the label itself with index -1."""

    index: int
    override: Mapping[str, Any]
    value: float


def override_problems(
    overrides: Sequence[Mapping[str, Any]],
    labels: Sequence[Mapping[str, Any]],
    defaults: Mapping[str, Any],
) -> Iterator[Problem]:
    """Yields what makes no sense in overrides of the right form.

    Args:
        overrides: As in the file.
        labels: The labels of the file.
        defaults: The defaults of the file.
    """
    by_name = {label["name"]: {**DEFAULTS, **defaults, **label} for label in labels}
    for index, override in enumerate(overrides):
        yield from _unknown_names(("overrides", index, "labels"), override["labels"], by_name)
    for name, label in by_name.items():
        setting = [(i, o) for i, o in enumerate(overrides) if name in o["labels"]]
        for lower, upper in NOT_ABOVE if setting else ():
            yield from _crossings(label, setting, lower, upper)


def _unknown_names(
    path: KeyPath, settings: Mapping[str, Any], known: Mapping[str, Any]
) -> Iterator[Problem]:
    for name, changes in settings.items():
        if name not in known:
            yield Problem((*path, name), f"there is no such label{did_you_mean(name, known)}")
        for number, masked in enumerate(changes.get("masks", [])):
            where = (*path, name, "masks", number)
            if masked == name:
                yield Problem(where, f"{masked!r} is the label itself")
            elif masked not in known:
                yield Problem(where, f"there is no label {masked!r}{did_you_mean(masked, known)}")


def _crossings(
    label: Mapping[str, Any],
    overrides: Sequence[tuple[int, Mapping[str, Any]]],
    lower: str,
    upper: str,
) -> Iterator[Problem]:
    def setters(key: str) -> list[_Setter]:
        given = ((i, o, o["labels"][label["name"]].get(key)) for i, o in overrides)
        return [_Setter(-1, {}, label[key]), *(_Setter(*g) for g in given if g[2] is not None)]

    lowers, uppers = setters(lower), setters(upper)
    for low, high in product(lowers, uppers):
        is_of_overrides = low.index >= 0 or high.index >= 0
        if low.value > high.value and is_of_overrides and _can_coincide(low, high):
            if _is_replaced(low, high, lowers) or _is_replaced(high, low, uppers):
                continue
            later, key = (low, lower) if low.index >= high.index else (high, upper)
            first = min(low.index, high.index)
            also = f"; overrides[{first}] can hold there too" if 0 <= first < later.index else ""
            path = ("overrides", later.index, "labels", label["name"], key)
            message = f"{lower} {low.value} must not be above {upper} {high.value}{also}"
            yield Problem(path, message)


def _can_coincide(one: _Setter, other: _Setter) -> bool:
    """Whether a device can exist that both match."""
    sites = {setter.override.get("site") for setter in (one, other)} - {None}
    devices = [setter.override.get("device", "*") for setter in (one, other)]
    return len(sites) <= 1 and _can_match_both(*devices)


def _is_replaced(setter: _Setter, partner: _Setter, setters: Sequence[_Setter]) -> bool:
    """Whether a later override sets it anew wherever both hold."""
    later = (other for other in setters if other.index > setter.index)
    return any(_covers(other, setter) or _covers(other, partner) for other in later)


def _covers(wide: _Setter, narrow: _Setter) -> bool:
    """Whether the one matches wherever the other does, as far as their words show."""
    wanted = {key: wide.override[key] for key in CONDITIONS if key in wide.override}
    return wanted.items() <= narrow.override.items()


def _can_match_both(pattern: str, other: str) -> bool:
    """Whether some text matches both patterns, of characters, `*` and `?`."""

    @cache
    def meet(i: int, j: int) -> bool:
        if i == len(pattern) and j == len(other):
            return True
        if i < len(pattern) and pattern[i] == "*":
            return meet(i + 1, j) or (j < len(other) and meet(i, j + 1))
        if j < len(other) and other[j] == "*":
            return meet(i, j + 1) or (i < len(pattern) and meet(i + 1, j))
        if i == len(pattern) or j == len(other):
            return False
        return (pattern[i] == other[j] or "?" in (pattern[i], other[j])) and meet(i + 1, j + 1)

    return meet(0, 0)

"""The settings of a label: their names in the file and in `Label`, and what they are by default."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from earshot.audio.params import SAMPLE_RATE_HZ

DEFAULTS: dict[str, float] = {
    "on_score": 0.35,
    "off_score": 0.2,
    "start_patches": 1,
    "start_window_patches": 1,
    "min_duration_s": 0.0,
    "merge_gap_s": 0.96,
    "max_duration_s": 600.0,
}
"""In the file's units; those of `Label` and of the schema are the same."""

NOT_ABOVE = (
    ("off_score", "on_score"),
    ("start_patches", "start_window_patches"),
    ("min_duration_s", "max_duration_s"),
)
"""The first of each pair must not be above the second."""


def attribute(key: str) -> str:
    """Returns the name of the attribute of `Label` that a key of the file sets."""
    return f"{key.removesuffix('_s')}_samples" if key.endswith("_s") else key


def attributes(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """Returns attributes of `Label` from keys of the file; seconds become samples at 16 kHz."""
    return {attribute(key): _value(key, value) for key, value in mapping.items()}


def _value(key: str, value: Any) -> Any:
    if key.endswith("_s"):
        return round(value * SAMPLE_RATE_HZ)
    if key.endswith("_patches"):
        return int(value)
    if key.endswith("_score"):
        return float(value)
    return tuple(value) if isinstance(value, list) else value

"""The pages' colours: readable for most people, in both themes (WCAG 2.2, level AA).

Source of the formula: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio.
"""

from __future__ import annotations

import re
from itertools import product

import pytest

from services.api.page_files import FOLDER

COLOUR = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);")
TOKENS = {name: pair for name, *pair in COLOUR.findall((FOLDER / "style/tokens.css").read_text())}
GROUNDS = ("ground", "surface", "raised")
CATEGORIES = (
    "safety",
    "impact",
    "human",
    "animal",
    "music",
    "mechanical",
    "environmental",
    "scene",
    "other",
)
TEXT = [
    *product(("ink", "ink-muted", "accent", "good", "warn", "bad"), GROUNDS),
    ("accent", "accent-soft"),
    ("good", "good-soft"),
    ("warn", "warn-soft"),
    ("bad", "bad-soft"),
    ("ink", "bar"),
    ("ink-on-accent", "accent"),
]
SHAPES = [*product((*CATEGORIES, "line-strong"), GROUNDS)]


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1, of `#rrggbb`."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def too_weak(pairs: list[tuple[str, str]], least: float) -> list[str]:
    return [
        f"{theme}: {front} on {back} {ratio:.2f}"
        for front, back in pairs
        for theme, at in (("light", 0), ("dark", 1))
        if (ratio := contrast(TOKENS[front][at], TOKENS[back][at])) < least
    ]


def test_contrast_is_computed_as_its_definition_says() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def test_all_text_can_be_read() -> None:
    assert too_weak(TEXT, 4.5) == []


def test_all_shapes_can_be_seen() -> None:
    assert too_weak(SHAPES, 3.0) == []

from __future__ import annotations

import pytest

from earshot.events.suppression import first_circle, suppressed_by_each


@pytest.mark.parametrize(
    ("edges", "circle"),
    [
        ({}, []),
        ({"a": ["b"], "b": ["c"]}, []),
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, []),
        ({"a": ["a"]}, ["a", "a"]),
        ({"a": ["b"], "b": ["a"]}, ["a", "b", "a"]),
        ({"x": ["a"], "a": ["b", "c"], "b": [], "c": ["a"]}, ["a", "c", "a"]),
    ],
)
def test_the_first_circle_is_found(edges: dict[str, list[str]], circle: list[str]) -> None:
    assert first_circle(edges) == circle


def test_a_long_chain_is_no_circle() -> None:
    assert first_circle({str(i): [str(i + 1)] for i in range(5_000)}) == []


def test_a_label_suppresses_what_it_masks_and_its_parent() -> None:
    masks = {"Siren": ["Music"], "Music": []}

    assert suppressed_by_each(masks, {"Siren": ["Vehicle"]}) == {
        "Siren": ["Music", "Vehicle"],
        "Music": [],
    }

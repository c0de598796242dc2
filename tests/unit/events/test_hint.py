from __future__ import annotations

import pytest

from earshot.events.hint import did_you_mean

KNOWN = ("Dog", "Fire engine, fire truck (siren)", "Smoke detector, smoke alarm", "Fire")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("Dgo", "Dog"),
        ("DOG", "Dog"),
        ("fire engine", "Fire engine, fire truck (siren)"),
        ("Smoke alarm", "Smoke detector, smoke alarm"),
        ("truck", "Fire engine, fire truck (siren)"),
    ],
)
def test_a_near_word_is_offered(word: str, meant: str) -> None:
    assert did_you_mean(word, KNOWN) == f"; did you mean {meant!r}?"


@pytest.mark.parametrize("word", ["", "xyz", "g", "en", "x" * 10_000, "Dog" * 1_000])
def test_a_far_word_gets_no_offer(word: str) -> None:
    assert did_you_mean(word, KNOWN) == ""

"""NOTICE: every creator once, with licence and source."""

from __future__ import annotations

from training.embedder.recordings import Recording
from training.notice import notice


def recording(attribution: str) -> Recording:
    return Recording("a.flac", ("Dog",), "CC BY 4.0", attribution, "x/y", "A", 1.0, "", "", "")


def test_each_creator_is_named_once_in_order() -> None:
    text = notice([recording("Bob"), recording("ann"), recording("Bob")])
    assert text.endswith("\nann | CC BY 4.0 | x/y\nBob | CC BY 4.0 | x/y\n")


def test_models_and_data_sets_are_named() -> None:
    text = notice([])
    assert "CC BY 4.0" in text
    assert "Apache" in text
    assert "YAMNet" in text

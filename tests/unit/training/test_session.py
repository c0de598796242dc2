"""What a card says of the run that made a model."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from training import session


def test_the_commit_is_that_of_the_code_or_nothing() -> None:
    assert re.fullmatch(r"(?:.*[0-9a-f]{7,}\+?)?", session.commit())


def test_there_is_no_commit_outside_of_a_checkout(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "REPOSITORY", tmp_path)
    assert session.commit() == ""

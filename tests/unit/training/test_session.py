"""What a card says of the run that made a model."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from training import session


def test_the_commit_is_that_of_the_code_and_bears_a_plus_when_that_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def git(*arguments: str) -> str:
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        command = ["git", "-C", str(tmp_path), *identity, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    monkeypatch.setattr(session, "REPOSITORY", tmp_path)
    assert session.commit() == ""
    for name in ("training", "models"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("before")
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    head = git("rev-parse", "--short=12", "HEAD")
    (tmp_path / "models" / "file").write_text("after")  # what a training writes
    assert session.commit() == head
    (tmp_path / "training" / "file").write_text("after")
    assert session.commit() == head + "+"

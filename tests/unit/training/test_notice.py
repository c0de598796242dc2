"""NOTICE: every creator once, with licence and source."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.training.tiny_manifest import write_manifest
from training.embedder.recordings import Recording
from training.notice import command, notice, parse_arguments


def recording(attribution: str) -> Recording:
    return Recording("a.flac", ("Dog",), "CC BY 4.0", attribution, "x/y", "A", 1.0, "", "", "")


def test_each_creator_is_named_once_in_order() -> None:
    text = notice([recording("Bob"), recording("ann"), recording("Bob")])
    assert text.endswith("\nann | CC BY 4.0 | x/y\nBob | CC BY 4.0 | x/y\n")


def test_the_file_is_written_whole_and_a_failure_is_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_manifest(tmp_path, "a.flac,Dog,x/y,,CC BY 4.0,Ann,1,1,Dog,,A,,")
    out = tmp_path / "NOTICE"
    options = ["--data", str(tmp_path), "--out"]
    assert command(parse_arguments([*options, str(out)])) == 0
    assert out.read_text().endswith("\nAnn | CC BY 4.0 | x/y\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["NOTICE", "sounds"]
    assert command(parse_arguments([*options, str(tmp_path / "no" / "NOTICE")])) == 1
    assert "NOTICE: could not be written (No such file or directory)" in capsys.readouterr().err


def test_models_and_data_sets_are_named() -> None:
    text = notice([])
    assert "CC BY 4.0" in text
    assert "Apache" in text
    assert "YAMNet" in text

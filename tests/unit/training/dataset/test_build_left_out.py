"""What the command leaves out: said, counted, and kept for the record."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from tests.unit.training.dataset.building import built, read
from tests.unit.training.dataset.conftest import Tone


def test_what_cannot_be_used_is_said_counted_and_left_out(
    tone: Tone, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tone("sounds/Dog/a.wav", 2.0)
    tone("sounds/track.wav", 5.0)
    (tmp_path / "sounds" / "track.txt").write_text("1\t9\tCat\n")
    (tmp_path / "sounds" / "Dog" / "b.m4a").write_text("not in here")
    out = tmp_path / "out"

    assert built(tmp_path / "sounds", "--out", out) == 0

    _, names, description = read(out)
    assert names == ["Dog"]
    reasons = [f"{each['place']}: {each['reason']}" for each in description["left_out"]]
    assert description["num_left_out"] == len(reasons) == 3
    assert "b.m4a: cannot be read as a recording" in reasons[1]
    assert "track.txt:1: from 1 s to 9 s is past the end of track.wav, 5.00 s" in reasons[0]
    assert reasons[2] == "label 'Cat': no sound of it is left"
    errors = capsys.readouterr().err
    assert all(f"left out: {reason}" in errors for reason in reasons)
    assert "3 left out" in errors


def test_strict_ends_at_the_first_problem_and_writes_nothing(
    tone: Tone, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tone("sounds/Dog/a.wav")
    tone("sounds/b.wav")
    assert built(tmp_path / "sounds", "--out", tmp_path / "out", "--strict") == 1
    assert "error: " in (errors := capsys.readouterr().err)
    assert "b.wav: has no label" in errors
    assert not (tmp_path / "out").exists()


def test_sound_that_is_labelled_is_not_background_too(tone: Tone, tmp_path: Path) -> None:
    tone("street/a.wav")
    (tmp_path / "all.csv").write_text("file,label\nstreet/a.wav,Car\n")
    out = tmp_path / "out"
    assert built(tmp_path / "all.csv", "--out", out, "--background", tmp_path / "street") == 0
    segments, _, description = read(out)
    assert segments.labels.tolist() == [[1]]
    assert description["left_out"][0]["reason"] == "is background, but labelled as well"


def test_what_is_lost_of_a_stretch_s_end_is_said(tone: Tone, tmp_path: Path) -> None:
    tone("a.wav", 4.0)  # four patches and 0.145 s
    rows = "a.wav,Rain,0,4\na.wav,Bell,3.9,4\n"
    (tmp_path / "all.csv").write_text(f"file,label,start_s,end_s\n{rows}")
    assert built(tmp_path / "all.csv", "--out", tmp_path / "out") == 0
    segments, names, description = read(tmp_path / "out")
    assert names == ["Rain"]
    assert segments.num_frames.tolist() == [4]
    first, second = description["left_out"]
    assert first["place"] == f"{tmp_path / 'all.csv'}:3"
    assert "in less than half a patch (0.48 s), which is in no segment" in first["reason"]
    assert second["place"] == "label 'Bell'"


def test_a_name_that_is_not_utf_8_leaves_out_one_recording_not_all(
    tone: Tone, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tone("sounds/Dog/a.wav")
    tone("sounds/Dog/b.wav").rename(tmp_path / os.fsdecode(b"sounds/Dog/caf\xe9.wav"))
    assert built(tmp_path / "sounds", "--out", tmp_path / "out") == 0
    assert read(tmp_path / "out")[0].ids == ["Dog/a.wav@0"]
    assert "the name is not UTF-8" in capsys.readouterr().err

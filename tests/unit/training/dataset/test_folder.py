from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.unit.training.dataset.conftest import Tone
from training.dataset.folder import read_background, read_folder
from training.dataset.stretch import Problem, Stretch


def test_a_sub_folder_is_the_label_of_all_below_it(tone: Tone, tmp_path: Path) -> None:
    tone("Dog/a.wav")
    tone("doorbell/kitchen/b.flac")
    tone(".hidden/c.wav")
    (tmp_path / "Dog" / "notes.md").write_text("no recording")

    stretches = list(read_folder(tmp_path))

    assert [
        (each.recording_id, each.labels) for each in stretches if isinstance(each, Stretch)
    ] == [
        ("Dog/a.wav", ("Dog",)),
        ("doorbell/kitchen/b.flac", ("doorbell",)),
    ]


def test_a_label_file_beside_a_recording_says_more(tone: Tone, tmp_path: Path) -> None:
    recording = tone("monday.wav", 5)
    tone("Dog/a.wav")
    (tmp_path / "Dog" / "a.txt").write_text("0.1\t0.5\tBark\n")
    track = tmp_path / "monday.txt"
    track.write_text("0.5\t1.25\tDog; Bark\n\\\t100.0\t2000.0\n3.000000\t4.000000\tdoor\tbell\n")

    *outer, inner = read_folder(tmp_path)

    assert isinstance(inner, Stretch)
    assert inner.labels == ("Bark",)
    assert outer == [
        Stretch(recording, "monday.wav", ("Dog", "Bark"), f"{track}:1", 0.5, 1.25),
        Stretch(recording, "monday.wav", ("door\tbell",), f"{track}:3", 3.0, 4.0),
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2.0\t1.0\tDog", "ends at 1 s, before its start at 2 s"),
        ("1.0\t1.0\tDog", "is a point at 1 s"),
        ("1.0\t2.0\t", "has no label"),
        ("1.0 2.0 Dog", "must be start, end and label with tabs between them"),
        ("one\ttwo\tDog", "must be numbers of seconds"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(
    tone: Tone, tmp_path: Path, line: str, reason: str
) -> None:
    tone("a.wav")
    (tmp_path / "a.txt").write_text(f"0\t0.5\tDog\n{line}\n")
    _, problem = read_folder(tmp_path)
    assert isinstance(problem, Problem)
    assert (problem.place, reason in problem.reason) == (f"{tmp_path / 'a.txt'}:2", True)


def test_an_empty_label_file_is_named(tone: Tone, tmp_path: Path) -> None:
    tone("Dog/a.wav")
    (tmp_path / "Dog" / "a.txt").touch()
    (problem,) = read_folder(tmp_path)
    assert "a.txt: is empty" in str(problem)


def test_a_recording_without_a_label_and_labels_without_a_recording_are_named(
    tone: Tone, tmp_path: Path
) -> None:
    tone("a.wav")
    (tmp_path / "b.txt").write_text("0\t1\tDog\n")
    (tmp_path / "readme.txt").write_text("What this folder is about.\n")

    unlabelled, orphan = read_folder(tmp_path)

    assert "a.wav: has no label: put it into a folder" in str(unlabelled)
    assert "b.txt: label file without a recording" in str(orphan)


def test_background_is_whole_and_without_labels(tone: Tone, tmp_path: Path) -> None:
    labelled, street = tone("Dog/a.wav"), tone("background/street/b.wav")

    (stretch,) = read_background(tmp_path / "background")
    (other,) = read_folder(tmp_path, background=tmp_path / "background")

    assert stretch == Stretch(street, "background/street/b.wav", (), str(street))
    assert isinstance(other, Stretch)
    assert other.path == labelled


def test_a_name_that_is_not_utf_8_is_named(tone: Tone, tmp_path: Path) -> None:
    tone("Dog/a.wav").rename(tmp_path / os.fsdecode(b"Dog/caf\xe9.wav"))
    tone("Bear/a.wav").parent.rename(tmp_path / os.fsdecode(b"B\xe4r"))
    problems = [*read_folder(tmp_path), *read_background(tmp_path / "Dog")]
    assert [str(each) for each in problems] == [
        f"{tmp_path}/B\\xe4r/a.wav: the name is not UTF-8; give it another",
        *[f"{tmp_path}/Dog/caf\\xe9.wav: the name is not UTF-8; give it another"] * 2,
    ]


def test_a_folder_that_cannot_be_looked_into_is_named(tmp_path: Path) -> None:
    (problem,) = read_folder(tmp_path / "gone")
    assert "gone: cannot be looked into (No such file or directory)" in str(problem)
    assert list(read_background(tmp_path / "gone")) == [problem]

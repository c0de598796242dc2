from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.training.dataset.conftest import Tone
from training.dataset.manifest import read_csv_manifest
from training.dataset.stretch import Problem, Stretch
from training.errors import BadInput


def manifest(folder: Path, text: str) -> Path:
    path = folder / "sounds.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_label_files_and_stretches_of_them(tone: Tone, tmp_path: Path) -> None:
    first, second = tone("a.wav"), tone("more/b.wav")
    path = manifest(
        tmp_path,
        "\ufefffile, label, start_s, end_s\n"
        'a.wav, "Bark, loud; Dog", 0.5, 1\n'
        "a.wav,Dog,,\n"
        "\n"
        "more/b.wav,Cat,0.2,\n",
    )

    assert list(read_csv_manifest(path)) == [
        Stretch(first, "a.wav", ("Bark, loud", "Dog"), f"{path}:2", 0.5, 1.0),
        Stretch(first, "a.wav", ("Dog",), f"{path}:3", 0.0, None),
        Stretch(second, "more/b.wav", ("Cat",), f"{path}:5", 0.2, None),
    ]


def test_times_need_no_columns(tone: Tone, tmp_path: Path) -> None:
    tone("a.wav")
    (stretch,) = read_csv_manifest(manifest(tmp_path, "label,file\nDog,a.wav\n"))
    assert isinstance(stretch, Stretch)
    assert (stretch.labels, stretch.start_s, stretch.end_s) == (("Dog",), 0.0, None)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("gone.wav,Dog,,", "no such file: gone.wav"),
        (",Dog,,", "names no file"),
        ("a.wav,;,,", "has no label"),
        ("a.wav,Dog,2,1", "ends at 1 s, before its start at 2 s"),
        ("a.wav,Dog", "2 cells; the header has 4"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_by_its_line(
    tone: Tone, tmp_path: Path, row: str, reason: str
) -> None:
    tone("a.wav")
    path = manifest(tmp_path, f"file,label,start_s,end_s\na.wav,Dog,,\n{row}\n")
    _, problem = read_csv_manifest(path)
    assert isinstance(problem, Problem)
    assert (problem.place, reason in problem.reason) == (f"{path}:3", True)


def test_an_unknown_column_is_named_and_passed_over(tone: Tone, tmp_path: Path) -> None:
    tone("a.wav")
    path = manifest(tmp_path, "file,label,licence\na.wav,Dog,CC0\n")
    problem, stretch = read_csv_manifest(path)
    assert "sounds.csv:1: unknown column 'licence'" in str(problem)
    assert isinstance(stretch, Stretch)


@pytest.mark.parametrize("text", ["", "name,label\n", "file;label\n", "file,label,label\n"])
def test_a_header_that_lacks_a_column_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadInput, match=r"sounds\.csv:1: the header must be file,label\["):
        list(read_csv_manifest(manifest(tmp_path, text)))


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sounds.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadInput, match="must be CSV in UTF-8"):
        list(read_csv_manifest(tmp_path / "sounds.csv"))

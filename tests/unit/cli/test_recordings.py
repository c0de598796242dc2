from __future__ import annotations

from pathlib import Path

from earshot.cli.errors import FileRefused
from earshot.cli.recordings import find


def found(*paths: Path) -> list[str]:
    return [str(each) if isinstance(each, FileRefused) else str(each.place) for each in find(paths)]


def make(folder: Path, *names: str) -> Path:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    return folder


def test_a_folder_is_searched_to_the_bottom_in_order(tmp_path: Path) -> None:
    make(tmp_path, "b.wav", "a.FLAC", "z/a.ogg", "c/d/x.Mp3", "c/y.WAV", "notes.txt", "wav")
    assert found(tmp_path) == ["a.FLAC", "b.wav", "c/y.WAV", "c/d/x.Mp3", "z/a.ogg"]


def test_what_begins_with_a_dot_is_left_out(tmp_path: Path) -> None:
    make(tmp_path, "a.wav", "._a.wav", ".trash/b.wav")
    assert found(tmp_path) == ["a.wav"]


def test_a_link_to_a_folder_is_not_followed(tmp_path: Path) -> None:
    make(tmp_path, "a.wav", "sub/b.wav")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    assert found(tmp_path) == ["a.wav", "sub/b.wav"]


def test_a_file_that_is_named_may_have_any_ending(tmp_path: Path) -> None:
    make(tmp_path, "x.bin")
    assert found(tmp_path / "x.bin") == ["x.bin"]


def test_what_is_missing_or_empty_is_said_in_its_place(tmp_path: Path) -> None:
    make(tmp_path, "a.wav", "none/notes.txt")
    assert found(tmp_path / "absent.wav", tmp_path / "none", tmp_path / "a.wav") == [
        f"{tmp_path}/absent.wav: no such file",
        f"{tmp_path}/none: no recordings (.wav .flac .ogg .mp3) in this folder",
        "a.wav",
    ]


def test_an_impossible_name_is_refused(tmp_path: Path) -> None:
    (refusal,) = find([tmp_path / ("x" * 300)])
    assert isinstance(refusal, FileRefused)
    assert refusal.reason == "File name too long"


def test_a_file_in_place_of_a_folder_is_refused(tmp_path: Path) -> None:
    make(tmp_path, "a.wav")
    (refusal,) = find([tmp_path / "a.wav" / "b.wav"])
    assert isinstance(refusal, FileRefused)
    assert refusal.reason == "Not a directory"

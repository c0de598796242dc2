from __future__ import annotations

from pathlib import Path

import pytest

from earshot.cli.bundle.outputs import Outputs
from earshot.cli.errors import FileRefused
from earshot.cli.recordings import Found


def taken(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "notes.txt").touch()


def test_nothing_is_wanted_by_default() -> None:
    assert not Outputs().is_any
    assert Outputs(frames=Path("a.npz")).is_any
    assert Outputs(bundle=Path("b")).is_any


def test_a_taken_place_refuses_the_recording(tmp_path: Path) -> None:
    taken(tmp_path / "b")
    found = Found(Path("x/siren.wav"), Path("siren.wav"))
    with pytest.raises(FileRefused, match=r"^x/siren.wav: .*/b holds other files"):
        Outputs(bundle=tmp_path / "b", is_one=True).check(found)


def test_several_recordings_have_a_folder_each(tmp_path: Path) -> None:
    taken(tmp_path / "b" / "sub" / "siren.wav")
    outputs = Outputs(bundle=tmp_path / "b")
    outputs.check(Found(Path("x/dog.wav"), Path("dog.wav")))
    with pytest.raises(FileRefused, match=r"b/sub/siren.wav holds other files"):
        outputs.check(Found(Path("x/sub/siren.wav"), Path("sub/siren.wav")))


def test_the_second_of_a_name_gets_a_number(tmp_path: Path) -> None:
    outputs = Outputs(bundle=tmp_path / "b")
    taken(tmp_path / "b" / "siren.wav-2")
    outputs.check(Found(Path("x/siren.wav"), Path("siren.wav")))
    outputs.check(Found(Path("x/siren.wav"), Path("siren.wav")))
    with pytest.raises(FileRefused, match=r"b/siren.wav-2 holds other files"):
        outputs.check(Found(Path("y/siren.wav"), Path("siren.wav")))
    outputs.check(Found(Path("z/siren.wav"), Path("siren.wav")))


def test_a_place_below_a_file_refuses_the_recording(tmp_path: Path) -> None:
    (tmp_path / "b").touch()
    with pytest.raises(FileRefused, match=r"/b is a file"):
        Outputs(bundle=tmp_path / "b").check(Found(Path("x.wav"), Path("x.wav")))

from __future__ import annotations

from pathlib import Path

import pytest

from earshot.cli.bundle.replacing import (
    AlreadyThere,
    check_file,
    check_folder,
    new_file,
    new_folder,
)


def interrupted(path: Path) -> None:
    path.write_text("half")
    raise KeyboardInterrupt


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "sub" / "a.npz"
    with new_file(path) as aside:
        aside.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    with pytest.raises(KeyboardInterrupt), new_file(path) as aside:
        interrupted(aside)
    assert path.read_text() == "new"
    assert [each.name for each in path.parent.iterdir()] == ["a.npz"]


def test_a_folder_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with new_folder(path) as aside:
        (aside / "one").write_text("1")
        assert not path.exists()
    with pytest.raises(OSError, match="full"), new_folder(path) as aside:
        raise OSError("full")
    with new_folder(path) as aside:
        (aside / "two").write_text("2")
    assert [each.name for each in path.iterdir()] == ["two"]
    assert [each.name for each in tmp_path.iterdir()] == ["out"]


def test_a_file_is_replaced_only_by_force(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    check_file(path, is_forced=False)
    path.touch()
    with pytest.raises(AlreadyThere, match="exists; --force replaces it"):
        check_file(path, is_forced=False)
    check_file(path, is_forced=True)
    with pytest.raises(AlreadyThere, match="is a folder"):
        check_file(tmp_path, is_forced=True)


def test_only_a_folder_of_ours_is_replaced_and_only_by_force(tmp_path: Path) -> None:
    def check(is_forced: bool, is_ours: bool) -> None:
        check_folder(tmp_path / "out", is_forced, lambda _: is_ours)

    check(is_forced=False, is_ours=False)
    (tmp_path / "out").mkdir()
    check(is_forced=False, is_ours=False)  # an empty one is nobody's
    (tmp_path / "out" / "x").touch()
    check(is_forced=True, is_ours=True)
    with pytest.raises(AlreadyThere, match="exists; --force replaces it"):
        check(is_forced=False, is_ours=True)
    with pytest.raises(AlreadyThere, match="holds other files; choose another folder"):
        check(is_forced=True, is_ours=False)
    with pytest.raises(AlreadyThere, match="is a file"):
        check_folder(tmp_path / "out" / "x", True, lambda _: True)

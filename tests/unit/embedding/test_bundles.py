"""Bundles are found by name and number, not by the order of their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from earshot.embedding.bundles import all_bundles, newest_bundle, versions
from earshot.embedding.errors import BadBundle
from earshot.embedding.version_folders import version_folders


def make(models_dir: Path, *places: str) -> Path:
    for place in places:
        (models_dir / place).mkdir(parents=True)
        (models_dir / place / "card.json").write_text("{}")
    return models_dir


def test_the_newest_has_the_highest_number(tmp_path: Path) -> None:
    make(tmp_path, "a/9", "a/10", "a/2", "a/.11.new", "a/old")
    assert [path.name for path in versions(tmp_path, "a")] == ["2", "9", "10"]
    assert newest_bundle(tmp_path, "a").name == "10"


def test_what_is_no_whole_folder_is_passed_over(tmp_path: Path) -> None:
    make(tmp_path, "a/1", "a/2")
    (tmp_path / "a" / "2" / "card.json").unlink()
    (tmp_path / "a" / "3").write_text("a file")
    (tmp_path / "b").write_text("a file")
    assert [path.name for path in versions(tmp_path, "a")] == ["1"]
    assert [path.name for path in version_folders(tmp_path / "a")] == ["1", "2"]
    assert versions(tmp_path, "b") == []


def test_all_are_in_order_without_what_is_hidden(tmp_path: Path) -> None:
    make(tmp_path, "b/1", "a/10", "a/9", ".downloads/1")
    found = [path.relative_to(tmp_path).as_posix() for path in all_bundles(tmp_path)]
    assert found == ["a/9", "a/10", "b/1"]


def test_an_unknown_name_is_told_what_is_there(tmp_path: Path) -> None:
    make(tmp_path, "vggish/1", "other/1")
    with pytest.raises(BadBundle) as caught:
        newest_bundle(tmp_path, "vgish")
    assert str(caught.value) == (
        f"no model 'vgish' in {tmp_path}: other, vggish there; did you mean 'vggish'?"
    )

"""Files appear whole or not at all; a place that cannot be written is refused at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.errors import BadInput
from training.evaluation.new_file import check_writable, write_file


def test_a_place_in_a_new_folder_is_made(tmp_path: Path) -> None:
    file = tmp_path / "new" / "page.html"
    check_writable(file)
    assert list((tmp_path / "new").iterdir()) == []
    write_file(file, "Grüße")
    assert file.read_text(encoding="utf-8") == "Grüße"


def test_a_check_leaves_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("old")
    check_writable(tmp_path / "page.html")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="is a folder; name a file"):
        check_writable(tmp_path)


@pytest.mark.parametrize("name", ["file/page.html", "file/deeper/page.html"])
def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match=rf"{name}: cannot be written \(.*file"):
        check_writable(tmp_path / name)


def test_what_was_there_stays_when_writing_fails(tmp_path: Path) -> None:
    (tmp_path / "page.html").mkdir()
    with pytest.raises(BadInput, match="page.html: cannot be written"):
        write_file(tmp_path / "page.html", "new")
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]

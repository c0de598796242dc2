from __future__ import annotations

import json
from pathlib import Path

import pytest

from earshot.cli.models.new_version import add_version
from earshot.embedding.card_writer import write_card


def write(aside: Path, version: int) -> None:
    (aside / "model.bin").write_bytes(b"weights")
    write_card(aside, {"name": "small", "version": version})


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_version_has_the_next_number(tmp_path: Path) -> None:
    for number in (1, 2):
        directory = add_version(tmp_path / "small", write)
        assert directory == tmp_path / "small" / str(number)
        assert json.loads((directory / "card.json").read_text())["version"] == number
    assert names(tmp_path / "small") == ["1", "2"]
    assert names(directory) == ["card.json", "model.bin"]


@pytest.mark.parametrize("is_file", [True, False])
def test_what_came_meanwhile_is_kept(tmp_path: Path, is_file: bool) -> None:
    theirs = tmp_path / "small" / "1"

    def write_while_another_comes(aside: Path, version: int) -> None:
        write(aside, version)
        if is_file:
            theirs.write_text("theirs")
        else:
            theirs.mkdir()

    directory = add_version(tmp_path / "small", write_while_another_comes)
    assert directory.name == "2"
    card = json.loads((directory / "card.json").read_text())
    assert card["version"] == 2
    assert [file["path"] for file in card["files"]] == ["model.bin"]
    assert theirs.is_file() == is_file
    assert names(tmp_path / "small") == ["1", "2"]


def test_nothing_stays_of_what_cannot_be_written(tmp_path: Path) -> None:
    def fail(aside: Path, version: int) -> None:
        write(aside, version)
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        add_version(tmp_path / "small", fail)
    assert names(tmp_path / "small") == []

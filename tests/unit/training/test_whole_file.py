"""Files appear whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from training.whole_file import whole_file


def test_a_file_takes_its_place_when_the_block_succeeds(tmp_path: Path) -> None:
    path = tmp_path / "some.txt"
    path.write_text("old")
    (tmp_path / ".some.txt.new").write_text("left by a process that was killed")
    with whole_file(path) as aside:
        assert not aside.exists()
        aside.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("failure", [OSError("disk full"), KeyboardInterrupt()])
def test_the_old_file_stays_when_the_block_fails(tmp_path: Path, failure: BaseException) -> None:
    path = tmp_path / "some.txt"
    path.write_text("old")

    def fail() -> None:
        with whole_file(path) as aside:
            aside.write_text("half")
            raise failure

    with pytest.raises(type(failure)):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]

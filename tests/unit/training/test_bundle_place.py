from __future__ import annotations

from pathlib import Path

import pytest

from training.bundle_place import check_place
from training.errors import BadInput


def test_a_new_version_may_be_written(tmp_path: Path) -> None:
    check_place(tmp_path / "mine" / "1")
    (tmp_path / "mine" / "1").mkdir(parents=True)
    check_place(tmp_path / "mine" / "3")


def test_the_next_free_version_is_named_when_it_is_taken(tmp_path: Path) -> None:
    for name in ("1", "10", "9", ".11.new", "notes"):
        (tmp_path / "mine" / name).mkdir(parents=True)
    with pytest.raises(
        BadInput, match=r"mine/9: this version is there already; the next free one is .*/11$"
    ):
        check_place(tmp_path / "mine" / "9")


@pytest.mark.parametrize("name", ["mine", "v2", "-1", "1.0", "¹", "007", "00"])
def test_what_is_no_version_number_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadInput, match="must be a version number, e.g. "):
        check_place(tmp_path / name)


@pytest.mark.parametrize("place", ["1", "../1", "/1"])
def test_a_version_without_a_name_is_refused(place: str) -> None:
    with pytest.raises(BadInput, match="must be NAME/VERSION, e.g. mine/1"):
        check_place(Path(place))

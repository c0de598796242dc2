from __future__ import annotations

from pathlib import Path

import pytest

from earshot.events.errors import BadLabels
from earshot.events.labels import read_class_index

GOOD = 'index,mid,display_name\n0,/m/09x0r,"Speech"\n1,/m/05zppz,"Male speech, man speaking"\n'


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "labels.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_classes_stand_in_the_order_of_the_scores(tmp_path: Path) -> None:
    classes = read_class_index(written(tmp_path, GOOD))

    assert len(classes) == 2
    assert classes.mids == ("/m/09x0r", "/m/05zppz")
    assert classes.display_names == ("Speech", "Male speech, man speaking")
    assert classes.index_of["Male speech, man speaking"] == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no header and rows"),
        ("index,mid,display_name\n", ":1: expected the header"),
        ("0,/m/09x0r,Speech\n1,/m/a,Male\n", ":1: expected the header"),
        (GOOD + "3,/m/x,Dog\n", ":4: expected 2,mid,display_name"),
        (GOOD + "2,/m/x\n", ":4: expected 2,mid,display_name"),
        (GOOD + "2,/m/x,\n", ":4: expected 2,mid,display_name"),
        (GOOD + "2,/m/x,Speech\n", ":4: a second class named 'Speech'"),
    ],
)
def test_a_file_that_is_no_list_of_classes_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(BadLabels, match=message):
        read_class_index(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadLabels, match=r"labels\.csv: cannot be read: No such file"):
        read_class_index(tmp_path / "labels.csv")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "labels.csv").write_bytes(b"index,mid,display_name\n\xff\xff\n")

    with pytest.raises(BadLabels, match="no header and rows"):
        read_class_index(tmp_path / "labels.csv")

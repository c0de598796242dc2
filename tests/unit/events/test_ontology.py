from __future__ import annotations

from pathlib import Path

import pytest

from earshot.events.errors import BadLabels
from earshot.events.labels import ClassIndex, read_ontology
from earshot.events.ontology import Ontology

HEADER = "mid,display_name,child_mids\n"
# A pet is an animal; a parrot is both a pet and a bird, and nothing called it by two names.
ANIMALS = HEADER + (
    "/a,Animal,/p /b\n"
    '/p,"Domestic animals, pets",/d /r\n'
    "/b,Bird,/r\n"
    "/d,Dog,\n"
    "/r,Parrot,\n"
    "/m,Music,\n"
)


def ontology(folder: Path, text: str = ANIMALS) -> Ontology:
    file = folder / "ontology.csv"
    file.write_text(text, encoding="utf-8")
    return Ontology.read(file)


@pytest.mark.parametrize(
    ("name", "mids"),
    [
        ("Animal", ("/a", "/p", "/b", "/d", "/r")),
        ("Domestic animals, pets", ("/p", "/d", "/r")),
        ("Parrot", ("/r",)),
    ],
)
def test_a_node_holds_itself_and_all_below_it_once(
    tmp_path: Path, name: str, mids: tuple[str, ...]
) -> None:
    assert ontology(tmp_path).classes_under(name) == mids


def test_an_unknown_node_is_a_key_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        ontology(tmp_path).classes_under("Plant")


def test_a_circle_ends(tmp_path: Path) -> None:
    circle = ontology(tmp_path, HEADER + "/a,A,/b\n/b,B,/a\n")

    assert circle.classes_under("B") == ("/b", "/a")


PROBLEMS = {
    "empty": ("", ":1: expected the header"),
    "header": ("mid,name\n/a,A\n", ":1: expected the header mid,display_name,child_mids"),
    "no rows": (HEADER, ":1: expected the header"),
    "short row": (HEADER + "/a,A\n", ":2: expected mid,display_name,child_mids"),
    "no name": (HEADER + "/a,,\n", ":2: expected"),
    "mid twice": (HEADER + "/a,A,\n/a,B,\n", ":3: a second node /a or 'B'"),
    "name twice": (HEADER + "/a,A,\n/b,A,\n", ":3: a second node /b or 'A'"),
    "lost child": (HEADER + "/a,A,/b\n", ":2: the child /b is no node"),
}


@pytest.mark.parametrize(("text", "message"), PROBLEMS.values(), ids=PROBLEMS.keys())
def test_a_file_that_is_no_ontology_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadLabels) as caught:
        ontology(tmp_path, text)

    assert str(caught.value).startswith(f"{tmp_path / 'ontology.csv'}{message}")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ontology.csv").write_bytes(b"\xff\xfe")

    with pytest.raises(BadLabels, match="no header and rows"):
        Ontology.read(tmp_path / "ontology.csv")


def test_the_ontology_is_found_beside_the_labels(tmp_path: Path) -> None:
    classes = ClassIndex(tmp_path / "labels.csv", ("/d",), ("Dog",), {"Dog": 0})
    assert read_ontology(classes) is None

    written = ontology(tmp_path)
    assert read_ontology(classes) == written


def test_audiosets_ontology_is_read_whole(shared_data: Path, tmp_path: Path) -> None:
    from training.ontology import write_ontology

    write_ontology(shared_data / "audioset" / "ontology.json", tmp_path / "ontology.csv")
    audioset = Ontology.read(tmp_path / "ontology.csv")

    assert len(audioset.mid_of) == 632
    assert {audioset.mid_of["Bark"], audioset.mid_of["Growling"]} <= set(
        audioset.classes_under("Domestic animals, pets")
    )

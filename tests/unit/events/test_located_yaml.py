from __future__ import annotations

from pathlib import Path

import pytest

from earshot.events.errors import BadTaxonomy
from earshot.events.located_yaml import LocatedYaml, Problem
from earshot.events.taxonomy_file import load_taxonomy
from tests.unit.events.taxonomy_text import FULL, written


def test_values_that_are_not_there_stand_where_they_would(tmp_path: Path) -> None:
    yaml = LocatedYaml(written(tmp_path, "a:\n  - b: 1\n  - c: 2\n"))

    assert yaml.place(("a", 1, "c")) == f"{yaml.file}:3"
    assert yaml.place(("a", 1, "missing", 3)) == f"{yaml.file}:3"
    assert yaml.place(("missing",)) == f"{yaml.file}:1"
    assert str(yaml.error(("a", 1, "d"), "is missing")) == f"{yaml.file}:3: a[1].d: is missing"


def test_problems_come_in_the_order_of_the_file_and_once(tmp_path: Path) -> None:
    yaml = LocatedYaml(written(tmp_path, "a:\n  b: {c: 1}\nd: 2\n"))
    deep, late, early = Problem(("a", "b", "c"), "x"), Problem(("d",), "y"), Problem(("a",), "z")

    errors = yaml.errors([late, deep, early, deep])

    assert [str(error).rpartition(": ")[2] for error in errors] == ["z", "x", "y"]
    assert str(yaml.most_telling([late, early, deep])) == f"{yaml.file}:2: a.b.c: x"


def test_aliases_that_grow_without_end_are_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]

    with pytest.raises(BadTaxonomy, match="holds more than 200,000 values"):
        load_taxonomy(written(tmp_path, "\n".join(lines)))


def test_a_key_of_strange_characters_stays_on_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadTaxonomy) as caught:
        load_taxonomy(written(tmp_path, f'"a\\nb\\e{"x" * 900}": 1\n{FULL}'))

    assert r":1: a\nb\x1bxxx" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500

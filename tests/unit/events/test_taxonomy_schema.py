from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from earshot.events.errors import BadTaxonomy
from earshot.events.taxonomy import CATEGORIES, PRIORITIES, Label, Scene, Scenes
from earshot.events.taxonomy_file import SCHEMA_FILE, load_taxonomy, taxonomy_schema
from earshot.events.taxonomy_settings import DEFAULTS, attributes
from tests.unit.events.taxonomy_text import FULL, written

SHIPPED = Path(__file__).parents[3] / "config" / "taxonomy.yaml"
DEFINED: dict[str, Any] = taxonomy_schema()["$defs"]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(taxonomy_schema())


def test_the_schema_names_what_the_code_names() -> None:
    label = DEFINED["label"]["properties"]

    assert tuple(label["category"]["enum"]) == CATEGORIES
    assert tuple(label["priority"]["enum"]) == PRIORITIES
    assert set(attributes(dict.fromkeys(label, 0))) == {field.name for field in fields(Label)}
    assert set(taxonomy_schema()["properties"]["defaults"]["properties"]) == set(DEFAULTS)
    assert set(DEFINED["label_settings"]["properties"]) == {*DEFAULTS, "masks", "enabled"}


def test_defaults_are_the_same_everywhere() -> None:
    label, scenes = Label("A", "animal", "low", ("A",)), Scenes()
    of_scenes = taxonomy_schema()["properties"]["scenes"]["properties"]

    assert {key: DEFINED[key]["default"] for key in DEFAULTS} == DEFAULTS
    for name, value in attributes(DEFAULTS).items():
        assert getattr(label, name) == value
    assert DEFINED["min_score"]["default"] == Scene("A", ("A",)).min_score
    assert of_scenes["dwell_s"]["default"] * 16_000 == scenes.dwell_samples
    assert -(-of_scenes["window_s"]["default"] * 16_000 // 15_360) == scenes.window_patches


def test_the_shipped_taxonomy_points_to_the_schema() -> None:
    first_line = SHIPPED.read_text(encoding="utf-8").partition("\n")[0]
    before, _, schema = first_line.partition("$schema=")

    assert before == "# yaml-language-server: "
    assert (SHIPPED.parent / schema).resolve() == SCHEMA_FILE.resolve()


# Every scalar and container of the file, by a text that stands there once.
@pytest.mark.parametrize(
    ("good", "bad", "message"),
    [
        ("[Dog, Bark]", "{}", "must be a list of 1 to 1000 entries, not an empty mapping"),
        ("[Dog, Bark]", "Dog", "must be a list of 1 to 1000 entries, not 'Dog'"),
        ("[Dog, Bark]", "[[Dog]]", "labels[0].classes[0]: must be a text of 1 to 100 characters"),
        ("[Dog, Bark]", "[Dog, Bark, Dog]", "labels[0].classes[2]: 'Dog' stands here twice"),
        ("window_s: 30", "window_s: 0.5", "must be a number from 1 to 3600, not 0.5"),
        ("window_s: 30", "window_s: 2026-01-01", "must be a number from 1 to 3600, not datetime"),
        ("tag: outdoors", "tag: [outdoors]", "overrides[1].tag: must be a text of 1 to 100"),
        ("[Animal]}", "{}}", "masks: must be a list of 0 to 500 entries, not an empty mapping"),
        ("defaults: {", "defaults: [{", None),
    ],
)
def test_a_value_of_another_kind_is_refused(
    tmp_path: Path, good: str, bad: str, message: str | None
) -> None:
    assert FULL.count(good) == 1

    with pytest.raises(BadTaxonomy) as caught:
        load_taxonomy(written(tmp_path, FULL.replace(good, bad)))

    assert (message or "not YAML") in str(caught.value)

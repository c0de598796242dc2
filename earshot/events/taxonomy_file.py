"""Reads `taxonomy.yaml` and refuses what makes no sense: file, line, key and what is allowed.

Its form is that of `taxonomy.schema.json`, which editors know too:

defaults: {on_score: 0.35, off_score: 0.2, merge_gap_s: 0.96}
labels:
  - name: Dog
    category: animal
    priority: normal
    classes: [Dog, Bark]        # AudioSet display names
    on_score: 0.4               # any default, for this label alone
scenes:
  list:
    - {name: Kitchen, classes: ["Dishes, pots, and pans", Frying (food)]}
overrides:
  - site: farm
    labels: {Dog: {enabled: false}}
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from earshot.events.errors import BadTaxonomy
from earshot.events.located_yaml import LocatedYaml
from earshot.events.schema_problems import schema_problems
from earshot.events.taxonomy import Taxonomy
from earshot.events.taxonomy_building import build_taxonomy
from earshot.events.taxonomy_checks import taxonomy_problems

SCHEMA_FILE = Path(__file__).with_name("taxonomy.schema.json")


def load_taxonomy(file: Path) -> Taxonomy:
    """Reads and checks a taxonomy; class names are checked against a model by `members_of`.

    Raises:
        BadTaxonomy: In one line: file, line, key, and what is allowed there.
    """
    yaml = LocatedYaml(file)
    misfits = schema_problems(yaml, taxonomy_schema())
    if misfits:
        raise yaml.most_telling(misfits)
    for error in yaml.errors(taxonomy_problems(yaml.value)):
        raise error
    return build_taxonomy(yaml)


def all_problems(file: Path) -> list[BadTaxonomy]:
    """Returns all that is wrong, in the order of the file; none when `load_taxonomy` takes it.

    What makes no sense is looked for when the form is right, and not before.
    """
    try:
        yaml = LocatedYaml(file)
    except BadTaxonomy as error:
        return [error]
    misfits = schema_problems(yaml, taxonomy_schema())
    return yaml.errors(misfits or taxonomy_problems(yaml.value))


@cache
def taxonomy_schema() -> dict[str, Any]:
    """Returns the JSON Schema (draft 2020-12) of the file."""
    schema: dict[str, Any] = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    return schema

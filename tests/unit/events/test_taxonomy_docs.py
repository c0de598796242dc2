from __future__ import annotations

import re
from pathlib import Path

import pytest

from earshot.events.taxonomy_file import load_taxonomy, taxonomy_schema
from earshot.events.taxonomy_settings import DEFAULTS
from tests.unit.events.taxonomy_text import written

PAGE = (Path(__file__).parents[3] / "docs" / "taxonomy.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=["labels", "scenes", "overrides"])
def test_every_example_on_the_page_loads(tmp_path: Path, example: str) -> None:
    assert load_taxonomy(written(tmp_path, example)).labels


def test_every_setting_is_on_the_page_with_its_default() -> None:
    for key, default in DEFAULTS.items():
        assert f"| `{key}` | {default:g} |" in PAGE
    assert [
        key for key in taxonomy_schema()["$defs"]["label"]["properties"] if key not in PAGE
    ] == []


def test_what_the_shipped_file_shows_commented_out_loads(tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "config" / "taxonomy.yaml").read_text(encoding="utf-8")
    before, marker, after = text.partition("# overrides:")
    uncommented = "\n".join(line.removeprefix("# ") for line in (marker + after).splitlines())

    taxonomy = load_taxonomy(written(tmp_path, before + uncommented))

    names = {label.name for label in taxonomy.for_device("a", "", ["outdoors"]).labels}
    assert "Wind" not in names

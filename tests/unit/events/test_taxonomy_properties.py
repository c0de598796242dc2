from __future__ import annotations

import copy
import json
import re
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from earshot.events.errors import BadTaxonomy
from earshot.events.taxonomy_file import all_problems, load_taxonomy
from tests.unit.events.taxonomy_text import FULL, written

DOCUMENT: Any = yaml.safe_load(FULL)
WRONG: dict[type, list[Any]] = {
    str: [3.5, None, [], {}, True],
    bool: ["text", None, [], {}, 1],
    int: ["text", None, [], {}, True, float("nan"), float("inf"), -1, 10**9],
    float: ["text", None, [], {}, True, float("nan"), float("-inf"), -1, 10**9],
    list: ["text", None, {}, 3, True],
    dict: ["text", None, [], 3, True],
}


def below(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Returns where every value below this one stands."""
    if isinstance(value, dict):
        items = list(value.items())
    elif isinstance(value, list):
        items = list(enumerate(value))
    else:
        return []
    found = []
    for key, item in items:
        found += [(*path, key), *below(item, (*path, key))]
    return found


PATHS = below(DOCUMENT)
KEYED = [path for path in PATHS if isinstance(path[-1], str)]


def holder(document: Any, path: tuple[str | int, ...]) -> Any:
    for key in path[:-1]:
        document = document[key]
    return document


def outcome(document: Any) -> str:
    """Returns the sentence of its refusal, which must be one with file and line; empty if none."""
    with tempfile.TemporaryDirectory() as folder:
        text = yaml.safe_dump(json.loads(json.dumps(document)), sort_keys=False)
        file = written(Path(folder), text)
        message, listed = refusal(file), [str(problem) for problem in all_problems(file)]
    if message:
        assert re.match(rf"{re.escape(str(file))}:\d+: .", message)
        assert "\n" not in message
        assert message in listed
    return message


def refusal(file: Path) -> str:
    try:
        load_taxonomy(file)
    except BadTaxonomy as error:
        return str(error)
    return ""


@given(st.sampled_from(PATHS), st.data())
@settings(max_examples=150, deadline=None)
def test_a_value_of_the_wrong_type_is_refused_in_one_sentence(
    path: tuple[str | int, ...], data: st.DataObject
) -> None:
    document = copy.deepcopy(DOCUMENT)
    place = holder(document, path)
    place[path[-1]] = data.draw(st.sampled_from(WRONG[type(place[path[-1]])]))

    assert outcome(document)


@given(st.sampled_from(KEYED), st.text("abcxyz_.:é☃ ", min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_a_misspelled_key_is_refused_in_one_sentence(
    path: tuple[str | int, ...], added: str
) -> None:
    document = copy.deepcopy(DOCUMENT)
    place = holder(document, path)
    place[f"{path[-1]}{added}"] = place.pop(path[-1])

    assert outcome(document)


@given(st.sampled_from(PATHS))
@settings(max_examples=100, deadline=None)
def test_a_file_with_something_left_out_loads_or_is_refused_in_one_sentence(
    path: tuple[str | int, ...],
) -> None:
    document = copy.deepcopy(DOCUMENT)
    del holder(document, path)[path[-1]]

    message = outcome(document)

    if path[-1] in ("name", "category", "priority") or path == ("labels",):
        assert message


SCORE = st.floats(0, 1)
PATCHES = st.integers(1, 60)
SECONDS = st.floats(0, 3600) | st.integers(0, 3600)
NAMES = st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=20)


@st.composite
def valid_labels(draw: st.DrawFn, name: str, others: list[str]) -> dict[str, Any]:
    off_score, on_score = sorted(draw(st.tuples(SCORE, SCORE)))
    needed, window = sorted(draw(st.tuples(PATCHES, PATCHES)))
    shortest, longest = sorted(draw(st.tuples(SECONDS, SECONDS.filter(lambda s: s >= 1))))
    label = {
        "name": name,
        "category": draw(st.sampled_from(["animal", "safety"])),
        "priority": draw(st.sampled_from(["low", "critical"])),
        draw(st.sampled_from(["classes", "subtrees"])): draw(
            st.lists(NAMES, min_size=1, max_size=3, unique=True)
        ),
        "on_score": on_score,
        "off_score": off_score,
        "start_patches": needed,
        "start_window_patches": window,
        "min_duration_s": shortest,
        "max_duration_s": max(longest, 1),
        "merge_gap_s": draw(SECONDS),
    }
    if others and draw(st.booleans()):
        label["masks"] = draw(st.lists(st.sampled_from(others), unique=True))
        label["parent"] = draw(st.sampled_from(others))
    return label


@given(st.lists(NAMES, min_size=1, max_size=4, unique=True), st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_valid_loads(names: list[str], data: st.DataObject) -> None:
    # Each label suppresses only those before it, so nothing goes in a circle.
    labels = [data.draw(valid_labels(name, names[:index])) for index, name in enumerate(names)]
    scenes = {"list": [{"name": f"Scene {name}", "classes": [name]} for name in names]}

    assert outcome({"labels": labels, "scenes": scenes}) == ""

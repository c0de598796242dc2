from __future__ import annotations

from pathlib import Path

import pytest

from earshot.events.errors import BadTaxonomy
from earshot.events.taxonomy import Override, Scene, Scenes
from earshot.events.taxonomy_file import all_problems, load_taxonomy
from tests.unit.events.taxonomy_text import FULL, written


def refusal(folder: Path, good: str, bad: str) -> str:
    assert FULL.count(good) == 1
    file = written(folder, FULL.replace(good, bad))
    with pytest.raises(BadTaxonomy) as caught:
        load_taxonomy(file)
    message = str(caught.value)
    assert message.startswith(f"{file}:")
    assert "\n" not in message
    return message.removeprefix(str(file))


def test_every_key_is_read(tmp_path: Path) -> None:
    taxonomy = load_taxonomy(written(tmp_path, FULL))
    dog, animal, siren = taxonomy.labels

    assert (dog.start_patches, dog.start_window_patches, dog.parent) == (2, 3, "Animal")
    assert (dog.min_duration_samples, dog.max_duration_samples) == (15_360, 960_000)
    assert (animal.classes, animal.subtrees, animal.masks) == ((), ("Animal",), ())
    assert (siren.classes, siren.subtrees, siren.masks) == (("Siren",), ("Alarm",), ("Dog",))
    street, farm = Scene("Street", ("Bus",), (), 0.2), Scene("Farm", (), ("Animal",), 0.3)
    assert taxonomy.scenes == Scenes((street, farm), 32, 160_000)
    assert taxonomy.overrides == (
        Override(device="kitchen-*", settings={"Dog": {"enabled": False}}),
        Override(
            site="farm",
            tag="outdoors",
            settings={
                "Dog": {"on_score": 0.6, "min_duration_samples": 32_000},
                "Siren": {"masks": ("Animal",)},
            },
        ),
    )


def test_everything_knows_its_line(tmp_path: Path) -> None:
    file = written(tmp_path, FULL)
    taxonomy = load_taxonomy(file)
    there = taxonomy.for_device("a", "farm", ["outdoors"])

    assert taxonomy.places["Dog", "Bark"] == f"{file}:6: labels[0].classes[1]: "
    assert taxonomy.places["scene", "Farm", "Animal"] == f"{file}:30: scenes.list[1].subtrees[0]: "
    assert taxonomy.origin("Dog", "off_score") == f"label Dog, {file}:7"
    assert taxonomy.origin("Dog", "min_duration_samples") == f"label Dog, {file}:10"
    assert taxonomy.origin("Siren", "on_score") == f"defaults, {file}:1"
    assert taxonomy.origin("Siren", "off_score") == "built in"
    override = f"override for site farm, tag outdoors, {file}:39"
    assert there.origin("Dog", "min_duration_samples") == override
    assert there.origin("Dog", "off_score") == f"label Dog, {file}:7"
    assert there.origin("Street", "window_s") == f"scenes, {file}:23"
    assert there.origin("Street", "min_score") == f"scenes, {file}:25"
    assert there.origin("Farm", "min_score") == f"scene Farm, {file}:31"


PROBLEMS = {
    "n above m": (
        "start_patches: 2",
        "start_patches: 4",
        ":8: labels[0].start_patches: start_patches 4 must not be above start_window_patches 3",
    ),
    "n without m": (
        "    start_window_patches: 3\n",
        "",
        ":8: labels[0].start_patches: start_patches 2 must not be above start_window_patches 1",
    ),
    "n of defaults": (
        "merge_gap_s: 1,",
        "start_patches: 4,",
        ":1: defaults.start_patches: start_patches 4 must not be above start_window_patches 1",
    ),
    "min above max": (
        "min_duration_s: 0.96",
        "min_duration_s: 61",
        ":10: labels[0].min_duration_s: min_duration_s 61 must not be above max_duration_s 60",
    ),
    "n of 61": (
        "start_patches: 2",
        "start_patches: 61",
        "must be a whole number from 1 to 60, not",
    ),
    "half a patch": ("start_patches: 2", "start_patches: 1.5", "must be a whole number from 1 to"),
    "second label": (
        "name: Siren",
        "name: Dog",
        ":16: labels[2].name: a second label named 'Dog'",
    ),
    "second scene": (
        "name: Farm",
        "name: Street",
        "scenes.list[1].name: a second scene named 'Str",
    ),
    "scene like a label": (
        "name: Farm",
        "name: Siren",
        ":29: scenes.list[1].name: a label is named 'Siren' too",
    ),
    "masked": (
        "[Dog]\nsc",
        "[Dgo]\nsc",
        "labels[2].masks[0]: there is no label 'Dgo'; did you mea",
    ),
    "masks itself": (
        "[Dog]\nsc",
        "[Siren]\nsc",
        ":21: labels[2].masks[0]: 'Siren' is the label it",
    ),
    "parent": (
        "parent: Animal",
        "parent: Animals",
        "labels[0].parent: there is no label 'Animals'",
    ),
    "own parent": (
        "parent: Animal",
        "parent: Dog",
        ":11: labels[0].parent: 'Dog' is the label its",
    ),
    "parents": (
        "priority: low",
        "parent: Dog\n    priority: low",
        ":11: labels[0].parent: parents go in a circle: Dog → Animal → Dog",
    ),
    "circle": (
        "    off_score: 0.1",
        "    masks: [Siren]",
        ":3: labels[0]: labels mask each other in a circle: Dog → Siren → Dog",
    ),
    "child masked": (
        "priority: low",
        "priority: low\n    masks: [Dog]",
        "labels mask each other in a circle: Dog → Animal → Dog",
    ),
    "neither": (
        "    subtrees: [Animal]\n  - name: Si",
        "  - name: Si",
        ":12: labels[1]: needs classe",
    ),
    "no members": ("classes: [Bus]", "min_score: 1", ":27: scenes.list[0]: needs classes or subtr"),
    "no scenes": ("  list:\n", "  lst:\n", ":26: scenes.lst: unknown key; did you mean 'list'?"),
    "scene score": (
        "min_score: 0.3",
        "min_score: high",
        "must be a number from 0 to 1, not 'high'",
    ),
    "no condition": ("site: farm\n    tag: outdoors\n    ", "", "needs device, site or tag"),
    "line break": (
        "name: Siren",
        'name: "Si\\nren"',
        ":16: labels[2].name: must be a text of 1 to",
    ),
    "at the end": ("name: Siren", 'name: "Siren\\n"', "labels[2].name: must be a text of 1 to 100"),
    "bell": ("name: Siren", 'name: "\\a"', "must be a text of 1 to 100 characters, on one line"),
    "blank first": ("name: Siren", 'name: " Siren"', "labels[2].name: must be a text of 1 to 100"),
    "long name": ("name: Siren", f"name: {'x' * 101}", "…"),
    "huge number": (
        "dwell_s: 10",
        f"dwell_s: 0x{'f' * 5_000}",
        "scenes.dwell_s: is too large a num",
    ),
    "nothing": (
        "dwell_s: 10",
        "dwell_s:",
        ":24: scenes.dwell_s: must be a number from 0 to 3600, n",
    ),
    "infinite": ("dwell_s: 10", "dwell_s: .inf", "must be a number from 0 to 3600, not inf"),
}


@pytest.mark.parametrize(
    ("good", "bad", "message"),
    PROBLEMS.values(),
    ids=PROBLEMS.keys(),
)
def test_what_makes_no_sense_is_named(tmp_path: Path, good: str, bad: str, message: str) -> None:
    assert message in refusal(tmp_path, good, bad)


def test_the_deepest_mistake_is_told_and_all_are_listed(tmp_path: Path) -> None:
    text = FULL.replace("category: safety", "categry: safety").replace("defaults:", "default:")
    file = written(tmp_path, text.replace("dwell_s: 10", "dwell_s: -1"))

    with pytest.raises(BadTaxonomy, match=r":17: labels\[2\]\.categry: unknown key; did you mean"):
        load_taxonomy(file)
    assert [str(error).split(":")[1] for error in all_problems(file)] == ["1", "17", "24"]


def test_a_file_without_mistakes_has_no_problems(tmp_path: Path) -> None:
    assert all_problems(written(tmp_path, FULL)) == []


def test_a_file_that_cannot_be_read_is_one_problem(tmp_path: Path) -> None:
    (problem,) = all_problems(tmp_path / "none.yaml")

    assert str(problem).endswith("none.yaml: cannot be read: No such file or directory")

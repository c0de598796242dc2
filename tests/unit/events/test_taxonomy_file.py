from __future__ import annotations

from pathlib import Path

import pytest

from earshot.events.errors import BadTaxonomy
from earshot.events.labels import read_class_index
from earshot.events.scores import members_of, scene_members_of
from earshot.events.taxonomy import CATEGORIES, Label
from earshot.events.taxonomy_file import load_taxonomy

REPOSITORY = Path(__file__).parents[3]
SHIPPED = REPOSITORY / "config" / "taxonomy.yaml"
MODEL = REPOSITORY / "models" / "earshot-default" / "1"
GOOD = """\
defaults: {on_score: 0.4, merge_gap_s: 1}
labels:
  - name: Dog
    category: animal
    priority: normal
    classes: [Dog, Bark]
    off_score: 0.1
    min_duration_s: 0.96
"""


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "taxonomy.yaml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_label_takes_the_defaults_it_does_not_override(tmp_path: Path) -> None:
    (label,) = load_taxonomy(written(tmp_path, GOOD)).labels

    assert label == Label("Dog", "animal", "normal", ("Dog", "Bark"), 0.4, 0.1, 15_360, 16_000)


def test_defaults_may_be_left_out(tmp_path: Path) -> None:
    text = "labels: [{name: A, category: music, priority: low, classes: [B]}]"

    (label,) = load_taxonomy(written(tmp_path, text)).labels

    assert label == Label("A", "music", "low", ("B",), 0.35, 0.2, 0, 15_360)


PROBLEMS = {
    "label key": ("off_score", "of_score", ":7: labels[0].of_score: unknown key; did you mean"),
    "far key": ("off_score", "xyz", ":7: labels[0].xyz: unknown key; allowed are name, category,"),
    "root key": ("defaults:", "default:", ":1: default: unknown key; did you mean 'defaults'?"),
    "default key": ("on_score", "on", ":1: defaults.on: unknown key"),
    "category": (
        "category: animal",
        "category: animals",
        ":4: labels[0].category: 'animals' is none of safety, impact, human, animal, music, "
        "mechanical, environmental; did you mean 'animal'?",
    ),
    "priority": (
        "priority: normal",
        "priority: 3",
        ":5: labels[0].priority: 3 is none of critical, high",
    ),
    "missing": ("    category: animal\n", "", ":3: labels[0].category: is missing"),
    "empty name": ("name: Dog", "name: ''", ":3: labels[0].name: must be a text of 1 to 100"),
    "no classes": (
        "[Dog, Bark]",
        "[]",
        ":6: labels[0].classes: must be a list of 1 to 1000 entries, not an empty list",
    ),
    "class twice": ("[Dog, Bark]", "[Dog, Dog]", ":6: labels[0].classes[1]: 'Dog' stands here"),
    "class number": ("[Dog, Bark]", "[Dog, 3]", ":6: labels[0].classes[1]: must be a text"),
    "crossed": ("off_score: 0.1", "off_score: 0.5", ":7: labels[0].off_score: off_score 0.5 must"),
    "crossed default": ("on_score: 0.4", "on_score: 0.05", "off_score 0.1 must not be above"),
    "range": ("off_score: 0.1", "off_score: 1.5", ":7: labels[0].off_score: must be a number from"),
    "nan": (
        "min_duration_s: 0.96",
        "min_duration_s: .nan",
        ":8: labels[0].min_duration_s: must be",
    ),
    "bool": ("min_duration_s: 0.96", "min_duration_s: yes", "from 0 to 3600, not True"),
    "text": ("min_duration_s: 0.96", "min_duration_s: 1s", "from 0 to 3600, not '1s'"),
    "key twice": ("off_score: 0.1", "name: Cat", ":7: labels[0].name: the key is said twice"),
    "tab": ("    off_score", "\toff_score", ":7: not YAML: found character '\\t' that cannot"),
    "tag": ("off_score: 0.1", "off_score: !!python/name:os", ":7: not YAML: could not determine"),
    "cycle": ("[Dog, Bark]", "&a [*a]", ": not YAML: "),
    "date": ("name: Dog", "name: 2026-99-99", ": not YAML: "),
}


@pytest.mark.parametrize(("good", "bad", "message"), PROBLEMS.values(), ids=PROBLEMS.keys())
def test_a_mistake_is_named_with_file_line_and_key(
    tmp_path: Path, good: str, bad: str, message: str
) -> None:
    assert GOOD.count(good) == 1
    file = written(tmp_path, GOOD.replace(good, bad))

    with pytest.raises(BadTaxonomy) as caught:
        load_taxonomy(file)

    assert str(caught.value).startswith(str(file))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "labels:", "labels: {}", "labels: []", "labels: 3"])
def test_a_file_without_labels_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadTaxonomy, match="must be a"):
        load_taxonomy(written(tmp_path, text))


def test_a_second_label_of_the_same_name_is_refused(tmp_path: Path) -> None:
    text = GOOD + "  - {name: Dog, category: animal, priority: low, classes: [Yip]}\n"

    with pytest.raises(BadTaxonomy, match=r":9: labels\[1\]\.name: a second label named 'Dog'"):
        load_taxonomy(written(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadTaxonomy, match=r"none\.yaml: cannot be read: No such file"):
        load_taxonomy(tmp_path / "none.yaml")


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    file = tmp_path / "taxonomy.yaml"
    file.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(BadTaxonomy, match="not UTF-8 text"):
        load_taxonomy(file)


def test_the_hash_follows_what_decides_and_not_how_it_is_written(tmp_path: Path) -> None:
    taxonomy = load_taxonomy(written(tmp_path, GOOD))
    same = load_taxonomy(
        written(tmp_path, "# hello\n" + GOOD.replace("[Dog, Bark]", "[Dog,  Bark]"))
    )
    other = load_taxonomy(written(tmp_path, GOOD.replace("0.1", "0.11")))

    assert taxonomy == same
    assert taxonomy.taxonomy_hash == same.taxonomy_hash != other.taxonomy_hash
    assert len(taxonomy.taxonomy_hash) == 16


def test_the_shipped_taxonomy_has_the_labels_that_others_rely_on() -> None:
    taxonomy = load_taxonomy(SHIPPED)
    names = {label.name for label in taxonomy.labels}

    assert names >= {"Smoke alarm", "Siren", "Glass breaking", "Speech", "Music", "Dog", "Vehicle"}
    assert {label.category for label in taxonomy.labels} == set(CATEGORIES)
    assert len(taxonomy.scenes.scenes) == 7
    assert not any(label.subtrees for label in taxonomy.labels)  # the shipped model has no ontology


def test_the_shipped_taxonomy_fits_the_shipped_model() -> None:
    classes = read_class_index(MODEL / "assets" / "labels.csv")
    taxonomy = load_taxonomy(SHIPPED)

    assert len(members_of(taxonomy, classes).first_member) == len(taxonomy.labels)
    assert len(scene_members_of(taxonomy, classes).first_member) == 7


def test_the_shipped_taxonomy_names_classes_of_audioset(shared_data: Path) -> None:
    classes = read_class_index(shared_data / "audioset" / "class_labels_indices.csv")

    assert members_of(load_taxonomy(SHIPPED), classes).num_classes == 527

"""`earshot check-config`, against the shipped model and models made here."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from earshot.cli.__main__ import app
from earshot.events.taxonomy_file import load_taxonomy
from services.notifier.settings import NotifierSettings

SHIPPED = NotifierSettings.model_fields["taxonomy_file"].default
GOOD = "labels:\n  - {name: Dog, category: animal, priority: low, classes: [Bark]}\n"
SUBTREE = GOOD.replace("classes: [Bark]", "subtrees: [Animal]")


def check_config(*files: Path) -> tuple[int, list[str], list[str]]:
    result = CliRunner().invoke(app, ["check-config", *map(str, files)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.stdout.splitlines(), result.stderr.splitlines()


@pytest.fixture
def taxonomy(tmp_path: Path) -> Path:
    return tmp_path / "mine.yaml"


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder of a model's assets, with two classes and no ontology."""
    assets = tmp_path / "models" / "pets" / "3" / "assets"
    assets.mkdir(parents=True)
    (assets / "labels.csv").write_text("index,mid,display_name\n0,/m/b,Bark\n1,/m/m,Meow\n")
    monkeypatch.setenv("EARSHOT_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("EARSHOT_MODEL", "pets")
    return assets


def test_the_shipped_taxonomy_is_good_without_arguments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EARSHOT_TAXONOMY_FILE")
    num_labels = len(load_taxonomy(SHIPPED).labels)

    code, (line,), errors = check_config()

    assert (code, errors) == (0, [])
    assert line.startswith(f"{SHIPPED}: taxonomy of {num_labels} labels, 7 scenes, 0 overrides; ")
    assert "; fits earshot-default@" in line


def test_the_file_of_the_settings_is_checked(
    model: Path, taxonomy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taxonomy.write_text(GOOD)
    monkeypatch.setenv("EARSHOT_TAXONOMY_FILE", str(taxonomy))

    assert check_config() == (
        0,
        [f"{taxonomy}: taxonomy of 1 label, 0 scenes, 0 overrides; fits pets@3"],
        [],
    )


def test_every_mistake_of_every_file_is_told(model: Path, taxonomy: Path) -> None:
    taxonomy.write_text(GOOD.replace("low", "lo").replace("category", "categry"))
    other = taxonomy.with_name("other.yaml")
    other.write_text(GOOD)

    code, (line,), errors = check_config(taxonomy, other, taxonomy.with_name("none.yaml"))

    assert code == 1
    assert line.startswith(f"{other}: taxonomy of 1 label")
    assert errors == [
        f"earshot: {taxonomy}:2: labels[0].categry: unknown key; did you mean 'category'?",
        f"earshot: {taxonomy}:2: labels[0].priority: 'lo' is none of critical, high, normal, low"
        "; did you mean 'low'?",
        f"earshot: {taxonomy.with_name('none.yaml')}: cannot be read: No such file or directory",
    ]


def test_a_class_the_model_does_not_have_is_told(model: Path, taxonomy: Path) -> None:
    taxonomy.write_text(GOOD.replace("[Bark]", "[Barks]"))

    assert check_config(taxonomy) == (
        1,
        [],
        [
            f"earshot: {taxonomy}:2: labels[0].classes[0]: {model / 'labels.csv'} has no class "
            "'Barks'; did you mean 'Bark'?"
        ],
    )


def test_a_scene_the_model_cannot_hear_is_told(model: Path, taxonomy: Path) -> None:
    taxonomy.write_text(GOOD + "scenes: {list: [{name: Farm, classes: [Moo]}]}\n")

    code, _, (error,) = check_config(taxonomy)

    assert code == 1
    assert f"{taxonomy}:3: scenes.list[0].classes[0]: " in error


def test_a_subtree_needs_the_models_ontology(model: Path, taxonomy: Path) -> None:
    taxonomy.write_text(SUBTREE)
    code, _, (error,) = check_config(taxonomy)
    assert (code, "the model has no ontology" in error) == (1, True)

    rows = "mid,display_name,child_mids\n/m/a,Animal,/m/b /m/m\n/m/b,Bark,\n/m/m,Meow,\n"
    (model / "ontology.csv").write_text(rows)
    assert check_config(taxonomy)[0] == 0


def test_a_broken_ontology_is_told(model: Path, taxonomy: Path) -> None:
    taxonomy.write_text(GOOD)
    (model / "ontology.csv").write_text("mid,display_name,child_mids\n/m/a,Animal,/m/b\n")

    code, _, (error,) = check_config(taxonomy)

    assert (code, error) == (1, f"earshot: {model / 'ontology.csv'}:2: the child /m/b is no node")


def test_a_model_that_is_not_here_is_told(
    model: Path, taxonomy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    taxonomy.write_text(GOOD)
    monkeypatch.setenv("EARSHOT_MODEL", "absent")

    code, _, (error,) = check_config(taxonomy)

    assert (code, error.endswith("absent: no version of the model is here")) == (1, True)


def test_wrong_settings_are_told_with_another_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EARSHOT_MODEL", "../x")

    code, _, (error,) = check_config()

    assert code == 2
    assert "EARSHOT_MODEL" in error

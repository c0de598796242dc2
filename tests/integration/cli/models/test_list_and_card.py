"""`earshot models list` and `card`, on the models that ship."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.integration.cli.conftest import Ended

Models = Callable[..., Ended]

SHIPPED = Path(__file__).parents[4] / "models"


@pytest.fixture
def models_dir(tmp_path: Path) -> Path:
    """Two versions of the embedder, one of the frame-level model, a cut card and no card."""
    shutil.copytree(SHIPPED / "earshot-default" / "1", tmp_path / "earshot-default" / "1")
    for version in (2, 10):
        folder = tmp_path / "vggish-compact" / str(version)
        shutil.copytree(SHIPPED / "vggish-compact" / "1", folder)
        card = json.loads((folder / "card.json").read_text())
        (folder / "card.json").write_text(json.dumps({**card, "version": version}))
    for version in (1, 2):
        (tmp_path / "half" / str(version)).mkdir(parents=True)
    (tmp_path / "half" / "1" / "card.json").write_text("{")
    return tmp_path


def test_the_list_has_every_version_and_marks_what_runs(models: Models, models_dir: Path) -> None:
    ended = models("list", "--models-dir", models_dir, "--format", "json")
    assert ended.code == 0
    rows = json.loads(ended.out)
    assert [(row["name"], row["version"], row["in_use"]) for row in rows] == [
        ("earshot-default", 1, True),
        ("vggish-compact", 2, False),
        ("vggish-compact", 10, True),
    ]
    assert rows[0]["classes"] == 527
    assert rows[2]["kind"] == "embedder"
    assert rows[2]["parameters"] > 100_000
    assert ended.errors.startswith(f"earshot: {models_dir}/half/1/card.json: not JSON")
    assert len(ended.errors.splitlines()) == 1


def test_the_table_has_a_row_for_each(models: Models, models_dir: Path) -> None:
    ended = models("list", "--models-dir", models_dir)
    rows = [line.split() for line in ended.out.splitlines()]
    assert rows[0][:3] == ["name", "version", "kind"]
    assert [row[:4] for row in rows[2:]] == [
        ["earshot-default", "1", "frame_level", "audioset-vggish-128"],
        ["vggish-compact", "2", "embedder", "audioset-vggish-128"],
        ["vggish-compact", "10", "embedder", "audioset-vggish-128"],
    ]
    assert rows[-1][-1] == "yes"


def test_an_empty_folder_is_said_to_be_empty(models: Models, tmp_path: Path) -> None:
    ended = models("list", "--models-dir", tmp_path)
    assert (ended.code, ended.out) == (0, "")
    assert ended.errors == f"earshot: no models in {tmp_path}\n"


def test_a_card_has_data_licences_and_metrics(models: Models) -> None:
    ended = models("card", "vggish-compact", "--models-dir", SHIPPED)
    assert ended.code == 0
    assert ended.out.startswith("vggish-compact@")
    assert "embedding space: audioset-vggish-128\n" in ended.out
    assert "; CC BY" in ended.out
    assert "\nmetrics\n  " in ended.out


def test_a_card_for_machines_is_the_card(models: Models, models_dir: Path) -> None:
    ended = models("card", "vggish-compact@2", "--models-dir", models_dir, "--format", "json")
    assert json.loads(ended.out) == json.loads(
        (models_dir / "vggish-compact" / "2" / "card.json").read_text()
    )


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("vggish-compct", "there; did you mean 'vggish-compact'?"),
        ("vggish-compact@3", "no version '3' of vggish-compact: 2, 10 there"),
        ("half", "half/1/card.json: not JSON"),
        ("half@2", "no version '2' of half: 1 there"),
    ],
)
def test_a_card_that_is_not_there_is_refused(
    models: Models, models_dir: Path, name: str, reason: str
) -> None:
    ended = models("card", name, "--models-dir", models_dir)
    assert (ended.code, ended.out) == (2, "")
    assert reason in ended.errors

"""`earshot models verify` finds what is wrong, and a service refuses to load it for that reason."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.integration.cli.conftest import WITHIN_S, Ended

Models = Callable[..., Ended]

SHIPPED = Path(__file__).parents[4] / "models"


@pytest.fixture
def models_dir(tmp_path: Path) -> Path:
    """The newest version of both models, with names of their own."""
    for name in ("vggish-compact", "earshot-default"):
        newest = max((SHIPPED / name).iterdir(), key=lambda path: int(path.name))
        shutil.copytree(newest, tmp_path / name / "1")
    return tmp_path


def change_card(bundle: Path, **changes: Any) -> None:
    path = bundle / "card.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def test_models_that_ship_are_sound(models: Models) -> None:
    ended = models("verify", "--models-dir", SHIPPED)
    assert (ended.code, ended.errors) == (0, "")
    assert all(line.endswith(": sound") for line in ended.out.splitlines())


def damage(bundle: Path) -> None:
    with (bundle / "model.bin").open("r+b") as weights:
        weights.write(b"\xff\xff")


def cut(bundle: Path) -> None:
    (bundle / "model.bin").write_bytes(b"")


def remove(bundle: Path) -> None:
    (bundle / "model.xml").unlink()


def add(bundle: Path) -> None:
    (bundle / "notes.txt").write_text("mine")


def move_to_another_space(bundle: Path) -> None:
    change_card(bundle, embedding_space="audioset-vggish-129")


WRONG_EMBEDDERS = [
    (damage, "model.bin: SHA-256 is "),
    (cut, "model.bin: 0 bytes; the card says "),
    (remove, "model.xml: cannot be read (No such file or directory), but the card lists it"),
    (add, "notes.txt: the card does not list this file"),
    (
        move_to_another_space,
        "card.json: embedding_space is 'audioset-vggish-129'; known are audioset-vggish-128",
    ),
]


@pytest.mark.parametrize(
    ("spoil", "reason"), WRONG_EMBEDDERS, ids=lambda value: getattr(value, "__name__", "")
)
def test_the_command_and_the_features_service_refuse_it_alike(
    models: Models, models_dir: Path, spoil: Callable[[Path], None], reason: str
) -> None:
    spoil(models_dir / "vggish-compact" / "1")
    ended = models("verify", "--models-dir", models_dir)
    assert ended.code == 1
    sound, refused, *reasons = ended.out.splitlines()
    assert (sound, refused) == ("earshot-default@1: sound", "vggish-compact@1: refused")
    assert len(reasons) == 1
    assert reason in reasons[0]
    service = subprocess.run(
        [sys.executable, "-m", "services.features"],
        env={**os.environ, "EARSHOT_MODELS_DIR": str(models_dir)},
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )
    assert service.returncode == 2
    assert service.stderr.strip() == reasons[0].strip()


def test_a_wrong_number_of_classes_is_found(models: Models, models_dir: Path) -> None:
    bundle = models_dir / "earshot-default" / "1"
    change_card(bundle, num_classes=526)
    ended = models("verify", "earshot-default", "--models-dir", models_dir)
    assert ended.code == 1
    assert ended.out.splitlines() == [
        "earshot-default@1: refused",
        f"  {bundle}/assets/labels.csv: 527 classes; the card says 526",
        f"  {bundle}/saved_model.pb: scores gives 527 classes; the card says 526",
        f"  {bundle}/saved_model.pb: patch_scores gives 527 classes; the card says 526",
    ]


def test_only_what_is_named_is_looked_at(models: Models, models_dir: Path) -> None:
    damage(models_dir / "vggish-compact" / "1")
    ended = models("verify", "earshot-default@1", "--models-dir", models_dir)
    assert (ended.code, ended.out) == (0, "earshot-default@1: sound\n")


def test_nothing_to_look_at_is_no_success(models: Models, tmp_path: Path) -> None:
    ended = models("verify", "--models-dir", tmp_path)
    assert ended == Ended(2, "", f"earshot: no models in {tmp_path}\n")

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

from earshot.embedding.bundles import newest_bundle
from tests.integration.cli.conftest import WITHIN_S, Ended

Models = Callable[..., Ended]

SHIPPED = Path(__file__).parents[4] / "models"


@pytest.fixture
def models_dir(tmp_path: Path) -> Path:
    """Both models as version 1."""
    for name in ("vggish-compact", "earshot-default"):
        folder = shutil.copytree(newest_bundle(SHIPPED, name), tmp_path / name / "1")
        change_card(folder, version=1)
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


def add_a_network(bundle: Path) -> None:
    (bundle / "model_mine.xml").write_text("mine")


def rename(bundle: Path) -> None:
    change_card(bundle, name="vggish")


def renumber(bundle: Path) -> None:
    change_card(bundle, version=2)


def move_to_another_space(bundle: Path) -> None:
    change_card(bundle, embedding_space="audioset-vggish-129")


WRONG_EMBEDDERS = [
    (damage, "model.bin: SHA-256 is "),
    (cut, "model.bin: 0 bytes; the card says "),
    (remove, "model.xml: cannot be read (No such file or directory), but the card lists it"),
    (add_a_network, "model_mine.xml: the card does not list this part of the network"),
    (rename, "card.json: name is 'vggish', but the folder above is 'vggish-compact'"),
    (renumber, "card.json: version is 2, but the folder is 1"),
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


def test_a_file_more_is_a_remark(models: Models, models_dir: Path) -> None:
    bundle = models_dir / "earshot-default" / "1"
    (bundle / "LICENSE").write_text("mine")
    ended = models("verify", "earshot-default", "--models-dir", models_dir)
    assert (ended.code, ended.out.splitlines()) == (
        0,
        [
            "earshot-default@1: sound",
            f"  remark: {bundle}/LICENSE: the card does not list this file; not checked",
        ],
    )


def test_a_card_of_others_is_a_remark(models: Models, models_dir: Path) -> None:
    bundle = models_dir / "earshot-default" / "1"
    (bundle / "card.json").write_text('{"author": "somebody"}')
    ended = models("verify", "earshot-default", "--models-dir", models_dir)
    assert (ended.code, ended.out.splitlines()) == (
        0,
        [
            "earshot-default@1: sound",
            f"  remark: {bundle}/card.json: lists no files, so none of them is checked",
        ],
    )


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


def test_a_copy_of_a_frame_level_model_under_another_number_is_as_good(
    models: Models, models_dir: Path
) -> None:
    shutil.copytree(models_dir / "earshot-default" / "1", models_dir / "earshot-default" / "7")
    ended = models("verify", "--models-dir", models_dir)
    assert ended.code == 0
    assert "sound" in ended.out.splitlines()[1]

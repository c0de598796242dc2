"""A bundle's card: what is complete is read, what is not is refused with path and reason."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from earshot.embedding.errors import BadBundle
from earshot.embedding.model_card import bundle_problems, read_card, verify_bundle

WEIGHTS = b"weights"


def fields(**changes: Any) -> dict[str, Any]:
    card = {
        "name": "small",
        "version": 2,
        "kind": "frame_level",
        "embedding_space": "audioset-vggish-128",
        "num_classes": 527,
        "data": [{"name": "AudioSet", "licence": "CC BY 4.0"}],
        "metrics": {"map": 0.25},
        "command": "python -m training.frame_level",
        "date": "2026-01-31",
        "files": [
            {
                "path": "model.bin",
                "bytes": len(WEIGHTS),
                "sha256": hashlib.sha256(WEIGHTS).hexdigest(),
            }
        ],
    }
    return {key: value for key, value in {**card, **changes}.items() if value is not None}


def bundle(directory: Path, **changes: Any) -> Path:
    (directory / "card.json").write_text(json.dumps(fields(**changes)))
    (directory / "model.bin").write_bytes(WEIGHTS)
    return directory


def test_a_card_is_read(tmp_path: Path) -> None:
    card = read_card(bundle(tmp_path), kind="frame_level")
    assert card.name_version == "small@2"
    assert card.embedding_space == "audioset-vggish-128"
    assert card.num_classes == 527
    assert card.files[0].num_bytes == 7


def test_an_embedder_needs_no_number_of_classes(tmp_path: Path) -> None:
    assert read_card(bundle(tmp_path, kind="embedder", num_classes=None)).num_classes is None


def test_a_bundle_is_refused_when_it_has_no_card(tmp_path: Path) -> None:
    with pytest.raises(BadBundle, match=r"card\.json: cannot be read \(No such file"):
        read_card(tmp_path)


def test_a_card_is_refused_when_it_is_not_json(tmp_path: Path) -> None:
    (tmp_path / "card.json").write_bytes(b"\xff{")
    with pytest.raises(BadBundle, match="not JSON"):
        read_card(tmp_path)


def test_a_card_is_refused_when_it_is_no_object(tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text("[]")
    with pytest.raises(BadBundle, match="the card is list; it must be an object"):
        read_card(tmp_path)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"embedding_space": None}, "field embedding_space is missing; it must be str"),
        ({"version": "2"}, "field version is str; it must be int"),
        ({"version": True}, "field version is bool; it must be int"),
        ({"num_classes": None}, "field num_classes is missing"),
        ({"kind": "other"}, "kind is 'other'; allowed are embedder, frame_level"),
        ({"files": [{"path": "a"}]}, r"field files\[0\].bytes is missing"),
        ({"files": ["a"]}, r"files\[0\] is str; it must be an object"),
    ],
)
def test_a_card_is_refused_when_a_field_is_wrong(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(BadBundle, match=reason):
        read_card(bundle(tmp_path, **changes))


def test_a_card_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadBundle, match="kind is frame_level; needed is embedder"):
        read_card(bundle(tmp_path), kind="embedder")


def embedder(directory: Path, **changes: Any) -> Path:
    return bundle(directory, kind="embedder", num_classes=None, **changes)


def test_a_whole_bundle_is_verified(tmp_path: Path) -> None:
    (tmp_path / ".DS_Store").write_bytes(b"left by a file manager")
    assert verify_bundle(embedder(tmp_path)).name == "small"


def test_a_projection_is_named_when_there_is_one(tmp_path: Path) -> None:
    assert read_card(embedder(tmp_path)).pca_file is None
    assert read_card(embedder(tmp_path, pca_file="model.bin")).pca_file == "model.bin"
    with pytest.raises(BadBundle, match="field pca_file is int; it must be str"):
        read_card(embedder(tmp_path, pca_file=1))


def test_a_bundle_is_refused_when_a_file_is_not_in_the_card(tmp_path: Path) -> None:
    embedder(tmp_path)
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "more.txt").write_text("")
    with pytest.raises(BadBundle, match=r"assets/more\.txt: the card does not list this file"):
        verify_bundle(tmp_path)


def test_a_bundle_is_refused_when_its_space_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(
        BadBundle, match="embedding_space is 'other'; known are audioset-vggish-128"
    ):
        verify_bundle(embedder(tmp_path, embedding_space="other"))


def test_everything_that_is_wrong_is_told(tmp_path: Path) -> None:
    card = read_card(bundle(tmp_path, embedding_space="other", files=[]))
    assert len(list(bundle_problems(card))) == 4  # space, model.bin, labels, network


def test_a_bundle_is_refused_when_a_file_is_missing(tmp_path: Path) -> None:
    embedder(tmp_path)
    (tmp_path / "model.bin").unlink()
    with pytest.raises(BadBundle, match=r"model\.bin: cannot be read"):
        verify_bundle(tmp_path)


@pytest.mark.parametrize(
    ("content", "reason"), [(b"weight", "6 bytes; the card says 7"), (b"Weights", "SHA-256 is")]
)
def test_a_bundle_is_refused_when_a_file_is_another(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    embedder(tmp_path)
    (tmp_path / "model.bin").write_bytes(content)
    with pytest.raises(BadBundle, match=reason):
        verify_bundle(tmp_path)

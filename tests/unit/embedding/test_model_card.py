"""A bundle's card: what is complete is read, what is not is refused with path and reason."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from earshot.embedding.errors import BadBundle
from earshot.embedding.model_card import (
    bundle_problems,
    has_card,
    read_card,
    unlisted_files,
    verify_bundle,
)

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


def test_a_card_is_refused_when_it_is_nested_without_end(tmp_path: Path) -> None:
    (tmp_path / "card.json").write_text("[" * 100_000)
    with pytest.raises(BadBundle, match="not JSON"):
        read_card(tmp_path)


@pytest.mark.parametrize(
    ("content", "is_ours"),
    [('{"files": []}', True), ("{", True), ('{"name": "a"}', False), ('["files"]', False)],
)
def test_a_card_is_ours_when_it_lists_files_or_is_damaged(
    tmp_path: Path, content: str, is_ours: bool
) -> None:
    assert not has_card(tmp_path)
    (tmp_path / "card.json").write_text(content)
    assert has_card(tmp_path) == is_ours


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


@pytest.mark.parametrize("name", ["../x.npz", ".pca.npz", "/pca.npz"])
def test_a_projection_that_the_card_does_not_list_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadBundle, match=f"pca_file is '{name}', which is none of its files"):
        read_card(embedder(tmp_path, pca_file=name))


@pytest.mark.parametrize(
    "path", ["/dev/zero", "../model.bin", "a/../../model.bin", "", ".", "model\0.bin", "\ud800"]
)
def test_a_path_that_leads_out_of_the_bundle_is_refused(tmp_path: Path, path: str) -> None:
    file = {"path": path, "bytes": 0, "sha256": ""}
    with pytest.raises(BadBundle, match=r"files\[0\]\.path is .*; it must be a path within the"):
        read_card(embedder(tmp_path, files=[file]))


@pytest.mark.parametrize("target", ["/dev/zero", "/"])
def test_what_is_no_file_is_not_read(tmp_path: Path, target: str) -> None:
    (tmp_path / "endless").symlink_to(target)
    file = {"path": "endless", "bytes": 0, "sha256": ""}
    embedder(tmp_path, files=[file, *fields()["files"]])
    with pytest.raises(BadBundle, match="endless: not a file, but the card lists it"):
        verify_bundle(tmp_path)


def test_a_bundle_with_more_files_than_its_card_lists_is_taken(tmp_path: Path) -> None:
    embedder(tmp_path)
    (tmp_path / "assets.extra").mkdir()
    for name in ("LICENSE", "assets.extra/tf_serving_warmup_requests", ".hidden"):
        (tmp_path / name).write_text("")
    found = [path.relative_to(tmp_path).as_posix() for path in unlisted_files(read_card(tmp_path))]
    assert found == ["LICENSE", "assets.extra/tf_serving_warmup_requests"]
    verify_bundle(tmp_path)


@pytest.mark.parametrize("name", ["model.xml", "model_int8.xml", "model_int8.bin"])
def test_a_bundle_is_refused_when_a_part_of_its_network_is_not_in_the_card(
    tmp_path: Path, name: str
) -> None:
    (embedder(tmp_path) / name).write_text("")
    with pytest.raises(BadBundle, match=f"{name}: the card does not list this part of the network"):
        verify_bundle(tmp_path)


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("small/3", r"card\.json: version is 2, but the folder is 3"),
        ("other/2", r"card\.json: name is 'small', but the folder above is 'other'"),
    ],
)
def test_a_bundle_is_refused_when_it_lies_in_the_place_of_another(
    tmp_path: Path, place: str, reason: str
) -> None:
    (tmp_path / place).mkdir(parents=True)
    with pytest.raises(BadBundle, match=reason):
        verify_bundle(embedder(tmp_path / place))


def test_a_bundle_is_taken_from_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "small" / "2").mkdir(parents=True)
    verify_bundle(embedder(tmp_path / "small" / "2"))
    monkeypatch.chdir(tmp_path / "small")
    verify_bundle(Path("2"))


def test_a_bundle_is_refused_when_its_space_is_unknown(tmp_path: Path) -> None:
    with pytest.raises(
        BadBundle, match="embedding_space is 'other'; known are audioset-vggish-128"
    ):
        verify_bundle(embedder(tmp_path, embedding_space="other"))


def test_everything_that_is_wrong_is_told(tmp_path: Path) -> None:
    card = read_card(bundle(tmp_path, embedding_space="other", files=[]))
    assert len(list(bundle_problems(card))) == 3  # space, labels, network


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

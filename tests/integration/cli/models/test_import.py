"""`earshot models import vggish`: what becomes a model, and what is refused and why."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from earshot.cli.models.errors import NotImported
from earshot.cli.models.importing import Files, Imported, import_vggish
from earshot.cli.models.importing_aloud import import_aloud
from earshot.embedding.errors import BadBundle
from earshot.embedding.model_card import read_card_fields, verify_bundle
from earshot.vggish.errors import DamagedCheckpoint, WrongCheckpoint
from earshot.vggish.published import OFFICIAL
from tests.integration.cli.conftest import Ended
from tests.integration.cli.models.conftest import WIDTHS, Published

Models = Callable[..., Ended]


def imported(models_dir: Path, published: Published, files: Files | None = None) -> Imported:
    files = files or Files(published.checkpoint, published.pca)
    return import_vggish(models_dir, files, published.release, lambda *_: None)


def changed(published: Published, folder: Path, **arrays: np.ndarray) -> Files:
    """The published files, the checkpoint with other variables."""
    from tests.numeric.vggish.checkpoints import random_variables, write_v1

    variables = {**random_variables(WIDTHS), **arrays}
    present = {name: array for name, array in variables.items() if array is not None}
    return Files(write_v1(folder / "changed.ckpt", present), published.pca)


def test_the_card_says_where_it_comes_from(published: Published, tmp_path: Path) -> None:
    result = imported(tmp_path, published)
    assert result == Imported(tmp_path / "vggish" / "1", True, True, ("global_step",))
    card = verify_bundle(result.directory, kind="embedder")
    assert (card.name_version, card.embedding_space) == ("vggish@1", "audioset-vggish-128")
    fields = read_card_fields(result.directory)
    assert fields["licence"] == "Apache-2.0"
    assert fields["source"]["checkpoint"] == {
        "url": "https://storage.googleapis.com/audioset/vggish_model.ckpt",
        "md5": published.release.checkpoint.md5,
        "bytes": published.checkpoint.stat().st_size,
    }


def test_the_next_number_is_taken_when_one_is_taken_meanwhile(
    published: Published, tmp_path: Path
) -> None:
    theirs = tmp_path / "vggish" / "1"

    def copy_another(step: str, share: float) -> None:
        if step == "writing the bundle":
            theirs.mkdir(parents=True)
            (theirs / "card.json").write_text("theirs")
            theirs.with_name("2").write_text("a file")

    files = Files(published.checkpoint, published.pca)
    directory = import_vggish(tmp_path, files, published.release, copy_another).directory
    assert directory == tmp_path / "vggish" / "3"
    assert verify_bundle(directory).name_version == "vggish@3"
    assert (theirs / "card.json").read_text() == "theirs"
    assert sorted(path.name for path in (tmp_path / "vggish").iterdir()) == ["1", "2", "3"]


def test_the_same_files_are_imported_once(published: Published, tmp_path: Path) -> None:
    first = imported(tmp_path, published)
    again = imported(tmp_path, published)
    assert (again.directory, again.is_new) == (first.directory, False)


def test_another_checkpoint_is_refused_unless_it_is_meant(
    published: Published, tmp_path: Path
) -> None:
    files = changed(published, tmp_path, **{"vggish/fc2/biases": np.ones(128, np.float32)})
    with pytest.raises(
        NotImported, match=r"changed\.ckpt: MD5 is .*; --any-checksum takes another"
    ):
        imported(tmp_path, published, files)
    assert not (tmp_path / "vggish").exists()
    meant = Files(files.checkpoint, files.pca, is_any_taken=True)
    imported(tmp_path, published)
    result = imported(tmp_path, published, meant)
    assert (result.directory.name, result.is_published) == ("2", False)
    fields = read_card_fields(result.directory)
    assert "not the published one" in fields["description"]
    assert fields["command"] == (
        f"earshot models import vggish changed.ckpt --pca {files.pca.name} --any-checksum"
    )


def test_what_does_not_fit_is_named(published: Published, tmp_path: Path) -> None:
    files = changed(
        published,
        tmp_path,
        **{"vggish/conv2/biases": None, "vggish/fc2/weights": np.ones((4, 4), np.float32)},
    )
    with pytest.raises(WrongCheckpoint) as caught:
        imported(tmp_path, published, files)
    assert str(caught.value) == (
        f"{files.checkpoint}: vggish/conv2/biases is missing; "
        "vggish/fc2/weights is [4, 4] instead of [64, 128]"
    )


def test_weights_that_are_no_numbers_are_refused(published: Published, tmp_path: Path) -> None:
    broken = np.full(128, np.nan, np.float32)
    files = changed(published, tmp_path, **{"vggish/fc2/biases": broken})
    with pytest.raises(WrongCheckpoint, match="NaN or infinity in vggish/fc2/biases"):
        imported(tmp_path, published, files)


def test_a_cut_file_is_refused_with_its_name_and_place(
    published: Published, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.ckpt"
    cut.write_bytes(published.checkpoint.read_bytes()[:50_000])
    with pytest.raises(DamagedCheckpoint, match=r"cut\.ckpt, byte 49952: no footer"):
        imported(tmp_path, published, Files(cut, published.pca))


def test_a_projection_that_is_none_is_refused(published: Published, tmp_path: Path) -> None:
    pca = tmp_path / "pca.npz"
    pca.write_bytes(b"text")
    files = Files(published.checkpoint, pca, is_any_taken=True)
    with pytest.raises(BadBundle, match=r"pca\.npz: no readable PCA parameters"):
        imported(tmp_path, published, files)
    assert not any((tmp_path / "vggish").iterdir())


def test_a_place_that_cannot_be_written_is_one_sentence(
    published: Published, tmp_path: Path
) -> None:
    (tmp_path / "vggish").write_text("a file")
    with pytest.raises(NotImported, match=r"vggish: cannot be written \("):
        imported(tmp_path, published)


def test_it_says_what_it_left_out_and_what_to_do(
    published: Published, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = Files(published.checkpoint, published.pca, is_any_taken=True)
    import_aloud(tmp_path, files, published.release)
    assert capsys.readouterr().err.splitlines() == [
        f"earshot: vggish@1 is now in {tmp_path}/vggish/1",
        "earshot: left out, since VGGish has no such variables: global_step",
        "earshot: EARSHOT_EMBEDDER=vggish uses it",
    ]


def test_the_command_wants_vggish_in_its_own_size(
    models: Models, published: Published, tmp_path: Path
) -> None:
    ended = models("import", "vggish", published.checkpoint, "--models-dir", tmp_path)
    assert ended.code == 2
    assert "vggish/conv1/weights is [3, 3, 1, 8] instead of [3, 3, 1, 64]" in ended.errors
    assert len(ended.errors.splitlines()) == 1
    assert not (tmp_path / "vggish").exists()


def test_the_command_looks_for_the_projection_beside_the_checkpoint(
    models: Models, published: Published, tmp_path: Path
) -> None:
    alone = shutil.copy(published.checkpoint, tmp_path / OFFICIAL.checkpoint.name)
    ended = models("import", "vggish", alone, "--models-dir", tmp_path)
    assert ended.code == 2
    assert ended.errors == (
        f"earshot: {tmp_path}/vggish_pca_params.npz: cannot be read (No such file or directory); "
        "--pca names the projection that belongs to the checkpoint\n"
    )

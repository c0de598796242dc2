"""`earshot models pull vggish` from a mirror: downloaded, checked, imported, tidied up."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from earshot.cli.models.errors import DownloadFailed
from earshot.cli.models.pulling import pull_vggish
from earshot.embedding.bundles import newest_bundle
from earshot.embedding.embedder import Embedder
from tests.integration.cli.conftest import WITHIN_S, Ended
from tests.integration.cli.models.conftest import Published
from tests.integration.cli.models.mirror import Mirror

Models = Callable[..., Ended]


def test_a_pulled_model_runs(
    published: Published, mirror: Mirror, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mirror.cuts_after = [10_000, 20_000]
    mirror.refusals = []
    directory = pull_vggish(tmp_path, mirror.url, published.release)
    assert directory == newest_bundle(tmp_path, "vggish") == tmp_path / "vggish" / "1"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["vggish"]
    codes = Embedder.load(directory).embed(np.zeros((2, 96, 64), np.float32))
    assert codes.shape == (2, 128)
    said = capsys.readouterr().err
    assert f"getting vggish_model.ckpt from {mirror.url}" in said
    assert "trying again in 1 s" in said
    assert f"vggish@1 is now in {directory}" in said
    assert "EARSHOT_EMBEDDER=vggish uses it" in said
    assert "not the published files" not in said


def test_a_model_that_is_there_is_not_pulled_again(
    published: Published, mirror: Mirror, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pull_vggish(tmp_path, mirror.url, published.release)
    mirror.ranges.clear()
    pull_vggish(tmp_path, mirror.url, published.release)
    assert mirror.ranges == []
    assert capsys.readouterr().err.endswith(f"vggish@1 is already in {tmp_path}/vggish/1\n")


def test_a_damaged_model_is_pulled_again_as_the_next_version(
    published: Published, mirror: Mirror, tmp_path: Path
) -> None:
    weights = pull_vggish(tmp_path, mirror.url, published.release) / "model.bin"
    weights.write_bytes(weights.read_bytes()[:-1])
    assert pull_vggish(tmp_path, mirror.url, published.release).name == "2"


def test_a_place_that_cannot_be_written_is_one_sentence(
    published: Published, mirror: Mirror, tmp_path: Path
) -> None:
    (tmp_path / ".downloads").write_text("a file")
    with pytest.raises(
        DownloadFailed, match=r"vggish_pca_params\.npz: cannot be written \(.*exist"
    ):
        pull_vggish(tmp_path, mirror.url, published.release)


def test_the_command_takes_nothing_but_the_published_files(
    models: Models, mirror: Mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_MODELS_MIRROR_URL", mirror.url)
    ended = models("pull", "vggish", "--models-dir", tmp_path)
    assert ended.code == 2
    assert "vggish_pca_params.npz: more than 73,020 bytes, so not the published" in ended.errors
    assert not (tmp_path / "vggish").exists()


def test_a_mirror_that_is_no_url_is_refused(
    models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EARSHOT_MODELS_MIRROR_URL", "ftp://somewhere")
    ended = models("pull", "vggish", "--models-dir", tmp_path)
    assert ended.code == 2
    assert "EARSHOT_MODELS_MIRROR_URL='ftp://somewhere': must look like https://" in ended.errors


def test_an_unknown_name_is_told_the_near_one(models: Models) -> None:
    ended = models("pull", "vgish")
    assert ended.code == 2
    assert "did you mean 'vggish'?" in ended.errors


def test_ctrl_c_keeps_the_part(
    earshot_process: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    served = tmp_path / "served" / "vggish_pca_params.npz"
    served.parent.mkdir()
    served.write_bytes(bytes(73_020))
    models = tmp_path / "models"
    with Mirror(served.parent) as mirror:
        mirror.cuts_after = [30_000, *[0] * 20]
        url = {"EARSHOT_MODELS_MIRROR_URL": mirror.url}
        process = earshot_process("models", "pull", "vggish", "--models-dir", models, **url)
        part = models / ".downloads" / "vggish_pca_params.npz.part"
        deadline_s = time.monotonic() + WITHIN_S
        while (
            not (part.exists() and part.stat().st_size == 30_000) and time.monotonic() < deadline_s
        ):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=WITHIN_S)
    assert process.returncode == 130
    assert errors.endswith(
        "earshot: stopped; what was downloaded is kept, the same command goes on from there\n"
    )
    assert part.stat().st_size == 30_000

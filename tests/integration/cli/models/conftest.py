"""VGGish at a fraction of its size: a release of our own, its files, and a mirror that has them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from earshot.cli.models.app import app
from earshot.vggish.network import Widths
from earshot.vggish.published import PublishedFile, Release
from tests.integration.cli.conftest import Ended
from tests.integration.cli.models.mirror import Mirror

WIDTHS = Widths((8, 12, 16, 16, 20, 24), 64)


@dataclass(frozen=True)
class Published:
    """What somebody published: the files, and what is known of them."""

    checkpoint: Path
    pca: Path
    release: Release


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")
    from tests.numeric.vggish.checkpoints import random_variables, write_v1

    folder = tmp_path_factory.mktemp("published")
    extra = {"global_step": np.int64(3).reshape(())}
    path = write_v1(folder / "vggish_model.ckpt", {**random_variables(WIDTHS), **extra})
    pca = folder / "vggish_pca_params.npz"
    axes, means = np.eye(128), np.zeros((128, 1))
    np.savez(pca, pca_eigen_vectors=axes, pca_means=means)
    return Published(path, pca, Release(described(path), described(pca), WIDTHS))


def described(path: Path) -> PublishedFile:
    content = path.read_bytes()
    return PublishedFile(path.name, hashlib.md5(content).hexdigest(), len(content))


@pytest.fixture
def mirror(published: Published) -> Iterator[Mirror]:
    """A server on a free loopback port that has the files."""
    with Mirror(published.checkpoint.parent) as running:
        yield running


@pytest.fixture
def models() -> Callable[..., Ended]:
    """Runs `earshot models` in this process."""

    def run(*words: str | Path) -> Ended:
        result = CliRunner().invoke(app, list(map(str, words)), terminal_width=500)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    return run

"""An imported VGGish computes what Keras computes from the same variables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openvino as ov
import pytest
from numpy.typing import NDArray

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from earshot.embedding.embedder import MODEL_FILE, Embedder  # noqa: E402
from earshot.embedding.postprocess import Pca, postprocess  # noqa: E402
from earshot.openvino_model import compile_on_cpu  # noqa: E402
from earshot.vggish.bundle import PCA_FILE, read_variables, write_bundle  # noqa: E402
from earshot.vggish.network import Widths  # noqa: E402
from earshot.vggish.published import OFFICIAL  # noqa: E402
from earshot.vggish.source import read_source  # noqa: E402
from tests.numeric.vggish.checkpoints import (  # noqa: E402
    SMALL,
    keras_vggish,
    random_variables,
    write_v1,
)


def imported(folder: Path, widths: Widths) -> Path:
    """The bundle of a checkpoint with random weights, and a projection with random axes."""
    rng = np.random.default_rng(7)
    axes, _ = np.linalg.qr(rng.standard_normal((128, 128)))
    np.savez(folder / PCA_FILE, pca_eigen_vectors=axes, pca_means=rng.standard_normal((128, 1)))
    path = write_v1(folder / "model.ckpt", random_variables(widths))
    checkpoint = read_source(path, OFFICIAL.checkpoint)
    bundle = folder / "vggish" / "1"
    bundle.mkdir(parents=True)
    variables = read_variables(checkpoint, widths)
    write_bundle(bundle, 1, variables, checkpoint, read_source(folder / PCA_FILE, OFFICIAL.pca))
    return bundle


def raw_embeddings(bundle: Path, patches: NDArray[np.float32]) -> NDArray[np.float32]:
    compiled = compile_on_cpu(ov.Core(), bundle / MODEL_FILE, "f32", 1)
    return np.array(compiled([patches])[0])


def log_mel(num_patches: int) -> NDArray[np.float32]:
    """Values in the range of log-mel, each patch of its own level."""
    rng = np.random.default_rng(11)
    levels = np.linspace(-4.6, 3.0, num_patches)[:, np.newaxis, np.newaxis]
    return (levels + rng.standard_normal((num_patches, 96, 64))).astype(np.float32)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return imported(tmp_path_factory.mktemp("small"), SMALL)


def test_raw_embeddings_are_those_of_keras(small: Path) -> None:
    patches = log_mel(9)
    expected = keras_vggish(random_variables()).predict(patches, verbose=0)
    assert expected.std() > 0.1
    assert (expected < 0).any()  # no activation at the end
    np.testing.assert_allclose(raw_embeddings(small, patches), expected, rtol=1e-4, atol=1e-4)


def test_codes_are_those_of_the_projected_raw_embeddings(small: Path) -> None:
    patches = log_mel(9)
    expected = postprocess(raw_embeddings(small, patches), Pca.load(small / PCA_FILE))
    assert expected.std() > 20
    np.testing.assert_array_equal(Embedder.load(small).embed(patches), expected)


def test_codes_do_not_depend_on_the_batch(small: Path) -> None:
    embedder, patches = Embedder.load(small), log_mel(33)
    alone = [embedder.embed(patches[i : i + 1]) for i in range(len(patches))]
    np.testing.assert_array_equal(embedder.embed(patches), np.concatenate(alone))


@pytest.mark.slow
def test_the_whole_size_is_that_of_keras(tmp_path: Path) -> None:
    bundle, patches = imported(tmp_path, Widths()), log_mel(3)
    assert (bundle / MODEL_FILE).with_suffix(".bin").stat().st_size > 288_564_736
    expected = keras_vggish(random_variables(Widths())).predict(patches, verbose=0)
    np.testing.assert_allclose(raw_embeddings(bundle, patches), expected, rtol=1e-4, atol=1e-4)

"""The official VGGish against its published smoke test; the JSON beside names its source."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import openvino as ov
import pytest
from numpy.typing import NDArray

from earshot.audio.mel import patches
from earshot.cli.models.importing import Files, find_imported, import_vggish
from earshot.embedding.embedder import MODEL_FILE, Embedder
from earshot.openvino_model import compile_on_cpu
from earshot.settings import ModelSettings
from earshot.vggish.bundle import PCA_FILE
from earshot.vggish.published import OFFICIAL

GOLDEN = json.loads((Path(__file__).parents[1] / "data" / "vggish_golden.json").read_text())
VARIABLE = "EARSHOT_TEST_VGGISH_CHECKPOINT"

pytestmark = pytest.mark.official_weights


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The bundle in the models folder, or one that is made of a checkpoint that lies elsewhere."""
    if checkpoint := os.environ.get(VARIABLE):
        pca = Path(checkpoint).with_name(PCA_FILE)
        if not pca.exists():
            pca = request.getfixturevalue("shared_data") / "vggish" / PCA_FILE
        folder = tmp_path_factory.mktemp("models")
        files = Files(Path(checkpoint), pca)
        return import_vggish(folder, files, OFFICIAL, lambda *_: None).directory
    models_dir = ModelSettings.model_fields["models_dir"].default
    found = find_imported(models_dir, OFFICIAL.checkpoint.md5, OFFICIAL.pca.md5)
    if found is None:
        pytest.skip(
            "needs the official VGGish checkpoint (earshot models pull vggish, or set "
            f"{VARIABLE} to its path)"
        )
    return found


@pytest.fixture(scope="module")
def tone() -> NDArray[np.float32]:
    """Three seconds of 1 kHz at full scale; three patches, all alike."""
    times_s = np.arange(0, 3, 1 / 16_000)
    return patches(np.sin(2 * np.pi * 1_000 * times_s).astype(np.float32))


def test_raw_embeddings_are_the_published_ones(bundle: Path, tone: NDArray[np.float32]) -> None:
    compiled = compile_on_cpu(ov.Core(), bundle / MODEL_FILE, "f32", 1)
    raw = np.array(compiled([tone])[0])
    expected = np.array([GOLDEN["raw_embedding_row"]] * 3)
    np.testing.assert_allclose(raw, expected, rtol=1e-3, atol=5e-4)
    # vggish_smoke_test.py since 2023-07-26, tolerance its own.
    np.testing.assert_allclose(raw.mean(), 0.000657, rtol=0.1)
    np.testing.assert_allclose(raw.std(), 0.343, rtol=0.1)


def test_codes_are_the_published_ones(bundle: Path, tone: NDArray[np.float32]) -> None:
    codes = Embedder.load(bundle).embed(tone).astype(int)
    # A value on the edge between two codes may fall to either side.
    assert np.abs(codes - GOLDEN["postprocessed_row_uint8"]).max() <= 1
    np.testing.assert_allclose(codes.mean(), 126.359375, rtol=1e-3)
    np.testing.assert_allclose(codes.std(), 89.33878063086252, rtol=1e-3)

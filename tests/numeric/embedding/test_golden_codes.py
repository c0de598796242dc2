"""Post-processing against the golden vector of VGGish's smoke test; the JSON names its source."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from earshot.embedding.postprocess import Pca, postprocess

GOLDEN = json.loads((Path(__file__).parents[1] / "data" / "vggish_golden.json").read_text())


def test_all_128_codes_of_the_golden_vector_are_exact(shared_data: Path) -> None:
    pca = Pca.load(shared_data / "vggish" / "vggish_pca_params.npz")
    raw = np.array([GOLDEN["raw_embedding_row"]] * 3, np.float32)
    codes = postprocess(raw, pca)
    assert codes.tolist() == [GOLDEN["postprocessed_row_uint8"]] * 3


def test_an_activation_before_the_projection_would_be_noticed(shared_data: Path) -> None:
    pca = Pca.load(shared_data / "vggish" / "vggish_pca_params.npz")
    raw = np.array([GOLDEN["raw_embedding_row"]], np.float32)
    codes = postprocess(np.maximum(raw, 0), pca)[0]
    assert int((codes == np.array(GOLDEN["postprocessed_row_uint8"])).sum()) == 13
    assert codes[127] == 255  # the skew's mark: tensorflow/models #5000

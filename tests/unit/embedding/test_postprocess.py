from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from earshot.embedding.errors import BadBundle
from earshot.embedding.postprocess import Pca, dequantise, postprocess, quantise

CODES = np.arange(256, dtype=np.uint8)


def test_quantising_truncates_and_clips() -> None:
    step = 4 / 255
    values = np.array([-9, -2, -2 + 0.99 * step, -2 + 1.01 * step, 0, 1.99, 2, 2.1, 9])
    codes = quantise(values)
    assert codes.dtype == np.uint8
    assert codes.tolist() == [0, 0, 0, 1, 127, 254, 255, 255, 255]


def test_infinities_are_clipped() -> None:
    assert quantise(np.array([-np.inf, np.inf])).tolist() == [0, 255]


def test_dequantised_values_are_those_of_youtube_8m() -> None:
    values = dequantise(np.array([0, 127, 128, 255], np.uint8))
    assert values.dtype == np.float32
    expected = [-1.9921875, -3.06373e-05, 0.015655637, 2.0078125]
    assert values.tolist() == pytest.approx(expected, abs=1e-7)


def test_every_code_comes_back_from_its_value() -> None:
    assert np.array_equal(quantise(dequantise(CODES)), CODES)


def test_the_round_trip_errs_by_less_than_half_a_step() -> None:
    values = np.linspace(-2, 2, 100_001)
    assert np.abs(dequantise(quantise(values)) - values).max() < 0.00788


def random_pca() -> Pca:
    rng = np.random.default_rng(0)
    return Pca(rng.normal(0, 0.3, (128, 128)), rng.normal(0, 0.3, 128))


def test_projection_is_centred_and_rows_are_outputs() -> None:
    pca = random_pca()
    raw = np.random.default_rng(1).normal(0, 1, (5, 128)).astype(np.float32)
    expected = [pca.eigen_vectors @ (row.astype(np.float64) - pca.means) for row in raw]
    assert np.allclose(pca.project(raw), expected, rtol=0, atol=1e-12)


def test_a_row_has_the_same_codes_in_any_batch() -> None:
    pca = random_pca()
    raw = np.random.default_rng(2).normal(0, 1, (33, 128)).astype(np.float32)
    whole = pca.project(raw)
    alone = np.concatenate([pca.project(row[np.newaxis]) for row in raw])
    assert whole.tobytes() == alone.tobytes()


def test_no_embeddings_give_no_codes() -> None:
    codes = postprocess(np.zeros((0, 128), np.float32), random_pca())
    assert (codes.shape, codes.dtype) == ((0, 128), np.uint8)


def test_parameters_are_read_as_they_were_written(tmp_path: Path) -> None:
    pca, path = random_pca(), tmp_path / "pca.npz"
    np.savez(path, pca_eigen_vectors=pca.eigen_vectors, pca_means=pca.means.reshape(128, 1))
    loaded = Pca.load(path)
    assert np.array_equal(loaded.eigen_vectors, pca.eigen_vectors)
    assert np.array_equal(loaded.means, pca.means)


@pytest.mark.parametrize("content", [None, b"", b"no archive", b"PK\x03\x04 torn"])
def test_an_unreadable_parameter_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "pca.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadBundle, match=r"pca\.npz: no readable PCA parameters"):
        Pca.load(path)


def test_a_single_array_is_no_parameter_file(tmp_path: Path) -> None:
    path = tmp_path / "pca.npy"
    np.save(path, np.zeros(3))
    with pytest.raises(BadBundle, match="no readable PCA parameters"):
        Pca.load(path)


def test_parameters_of_other_shapes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "pca.npz"
    np.savez(path, pca_eigen_vectors=np.zeros((64, 128)), pca_means=np.zeros(128))
    with pytest.raises(BadBundle, match=r"expected \(128, 128\) and \(128,\)"):
        Pca.load(path)

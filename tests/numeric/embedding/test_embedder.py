"""The shipped embedder: the codes of a patch are its own, whatever it is computed beside."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import numpy as np
import openvino as ov
import pytest
from numpy.typing import NDArray
from openvino import opset13 as opset

from earshot.audio.mel import patches
from earshot.embedding.card_writer import write_card
from earshot.embedding.embedder import INT8_MODEL_FILE, PRECISIONS, Embedder
from earshot.embedding.errors import BadBundle, BadPatches, UnsupportedPrecision
from earshot.embedding.model_card import read_card_fields, verify_bundle

BUNDLE = Path(__file__).parents[3] / "models" / "vggish-compact" / "1"


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return Embedder.load(BUNDLE)


@pytest.fixture(scope="module")
def noise_patches() -> NDArray[np.float32]:
    """Patches of noise from -80 to 0 dBFS, each with a tone."""
    rng = np.random.default_rng(11)
    times_s = np.arange(15_600) / 16_000
    waveforms = []
    for level_db in np.linspace(-80, 0, 70):
        tone = np.sin(2 * np.pi * rng.uniform(100, 7_000) * times_s)
        waveform = 0.3 * (rng.standard_normal(15_600) + rng.uniform(0, 2) * tone)
        waveforms.append(np.clip(waveform * 10 ** (level_db / 20), -1, 1).astype(np.float32))
    return np.concatenate([patches(waveform) for waveform in waveforms])


def test_the_shipped_bundle_is_the_one_its_card_describes() -> None:
    card = verify_bundle(BUNDLE, kind="embedder")
    assert card.name_version == "vggish-compact@1"
    assert card.embedding_space == "audioset-vggish-128"
    assert sum(file.num_bytes for file in card.files) < 3_000_000


@pytest.fixture(scope="module")
def embedders() -> dict[str, Embedder]:
    """The bundle in each precision that it has and that this CPU computes in."""
    loaded = {}
    for precision in PRECISIONS:
        with contextlib.suppress(UnsupportedPrecision):
            loaded[precision] = Embedder.load(BUNDLE, precision)
    return loaded


def test_int8_is_there_when_the_bundle_has_it(embedders: dict[str, Embedder]) -> None:
    assert "f32" in embedders
    assert ("int8" in embedders) == (BUNDLE / INT8_MODEL_FILE).exists()


@pytest.mark.parametrize("batch", [1, 2, 3, 8, 31, 32, 33])
def test_codes_do_not_depend_on_the_batch(
    embedders: dict[str, Embedder], noise_patches: NDArray[np.float32], batch: int
) -> None:
    starts = range(0, len(noise_patches), batch)
    for precision, embedder in embedders.items():
        whole = embedder.embed(noise_patches)
        parts = [embedder.embed(noise_patches[start : start + batch]) for start in starts]
        np.testing.assert_array_equal(np.concatenate(parts), whole, err_msg=precision)


def test_codes_do_not_depend_on_the_neighbours(
    embedder: Embedder, noise_patches: NDArray[np.float32]
) -> None:
    order = np.random.default_rng(2).permutation(len(noise_patches))
    np.testing.assert_array_equal(
        embedder.embed(noise_patches[order]), embedder.embed(noise_patches)[order]
    )


def test_codes_are_the_same_from_two_embedders(
    embedder: Embedder, noise_patches: NDArray[np.float32]
) -> None:
    other = Embedder.load(BUNDLE)
    np.testing.assert_array_equal(other.embed(noise_patches), embedder.embed(noise_patches))


def test_codes_use_the_space_without_sticking_to_its_ends(
    embedder: Embedder, noise_patches: NDArray[np.float32]
) -> None:
    codes = embedder.embed(noise_patches)
    assert codes.std() > 20
    assert np.isin(codes, (0, 255)).mean() < 0.15


def test_results_are_kept_when_the_next_patches_are_embedded(
    embedder: Embedder, noise_patches: NDArray[np.float32]
) -> None:
    first = embedder.embed(noise_patches[:4])
    kept = first.copy()
    embedder.embed(noise_patches[4:8])
    np.testing.assert_array_equal(first, kept)


def test_no_patches_give_no_codes(embedder: Embedder) -> None:
    codes = embedder.embed(np.zeros((0, 96, 64), np.float32))
    assert codes.shape == (0, 128)
    assert codes.dtype == np.uint8


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_patches_are_refused_when_they_are_not_finite(embedder: Embedder, value: float) -> None:
    bad = np.zeros((3, 96, 64), np.float32)
    bad[1, 5, 5] = value
    with pytest.raises(BadPatches, match="patch 1 holds NaN or infinity"):
        embedder.embed(bad)


@pytest.mark.parametrize(
    "bad",
    [np.zeros((2, 64, 96), np.float32), np.zeros((96, 64), np.float32), np.zeros((1, 96, 64))],
)
def test_patches_are_refused_when_their_shape_or_type_is_another(
    embedder: Embedder, bad: NDArray[np.float32]
) -> None:
    with pytest.raises(BadPatches, match=r"needed is float32 \(n, 96, 64\)"):
        embedder.embed(bad)


def test_an_unknown_precision_is_refused() -> None:
    with pytest.raises(UnsupportedPrecision, match="'int4' is unknown; allowed are f32, bf16"):
        Embedder.load(BUNDLE, precision="int4")


def test_bf16_gives_nearly_the_same_codes_or_says_that_this_cpu_has_none(
    embedder: Embedder, noise_patches: NDArray[np.float32]
) -> None:
    try:
        fast = Embedder.load(BUNDLE, precision="bf16")
    except UnsupportedPrecision as error:
        assert "not in this CPU" in str(error)  # noqa: PT017  either outcome is right
        return
    difference = fast.embed(noise_patches).astype(int) - embedder.embed(noise_patches)
    assert np.abs(difference).mean() < 2.0


def copied(models_dir: Path, without: str = "") -> Path:
    """A copy of the bundle in another models folder."""
    place = models_dir / BUNDLE.parent.name / BUNDLE.name
    return shutil.copytree(BUNDLE, place, ignore=shutil.ignore_patterns(without))


def test_a_bundle_is_refused_when_its_network_is_torn(tmp_path: Path) -> None:
    bundle = copied(tmp_path)
    network = bundle / "model.xml"
    network.write_bytes(network.read_bytes()[:500])
    _write_card_anew(bundle)
    with pytest.raises(BadBundle, match=r"model\.xml: OpenVINO cannot load it"):
        Embedder.load(bundle)


def test_a_bundle_is_refused_when_a_file_is_not_the_one_in_the_card(tmp_path: Path) -> None:
    bundle = copied(tmp_path)
    network = bundle / "model.xml"
    network.write_bytes(network.read_bytes()[:500])
    with pytest.raises(BadBundle, match=r"model\.xml: 500 bytes; the card says"):
        Embedder.load(bundle)


def test_a_bundle_is_refused_when_its_output_is_another(tmp_path: Path) -> None:
    patches = opset.parameter([-1, 96, 64], np.float32, name="patches")
    network = ov.Model([opset.reduce_mean(patches, np.array([1]))], [patches], "means")
    shutil.copy(BUNDLE / "card.json", tmp_path)
    ov.save_model(network, tmp_path / "model.xml")
    _write_card_anew(tmp_path)
    with pytest.raises(BadBundle, match=r"model\.xml: output \[\?,64\]; needed is \[\?,128\]"):
        Embedder.load(tmp_path)


def _write_card_anew(bundle: Path) -> None:
    """The card of a bundle whose author made it so."""
    write_card(bundle, read_card_fields(bundle))


def test_int8_is_refused_when_the_bundle_has_no_such_network(tmp_path: Path) -> None:
    bundle = copied(tmp_path, without="*int8*")
    _write_card_anew(bundle)
    with pytest.raises(UnsupportedPrecision, match=r"no model_int8\.xml; use f32 or bf16"):
        Embedder.load(bundle, precision="int8")

"""The shipped frame-level bundle: what it promises, in OpenVINO and in TensorFlow."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import openvino as ov
import pytest
from numpy.typing import NDArray

from earshot.embedding.model_card import verify_bundle
from earshot.openvino_model import compile_on_cpu

BUNDLE = Path(__file__).parents[3] / "models" / "earshot-default" / "1"
LENGTHS = [1, 10, 300]


def compiled(precision: str = "f32") -> ov.CompiledModel:
    return compile_on_cpu(ov.Core(), BUNDLE, precision, num_threads=1)


@pytest.fixture(scope="module")
def model() -> ov.CompiledModel:
    return compiled()


def scored(
    model: ov.CompiledModel, codes: NDArray[np.uint8], num_frames: NDArray[np.int32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    outputs = model({"embeddings": codes, "num_frames": num_frames})
    return outputs["scores"].copy(), outputs["patch_scores"].copy()


def random_windows(length: int) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """Six windows of random codes, from no frame to all of them."""
    rng = np.random.default_rng(length)
    codes = rng.integers(0, 256, (6, length, 128), dtype=np.uint8)
    return codes, np.linspace(0, length, 6).astype(np.int32)


def test_the_shipped_bundle_is_the_one_its_card_describes() -> None:
    card = verify_bundle(BUNDLE, kind="frame_level")
    assert card.name_version == "earshot-default@1"
    assert card.embedding_space == "audioset-vggish-128"
    assert card.num_classes == 527
    assert sum(file.num_bytes for file in card.files) < 12_000_000
    assert card.metrics["audioset"]["hit_at_1"] >= 0.57
    assert card.metrics["audioset"]["map"] >= 0.28


def test_labels_name_every_class_in_order() -> None:
    with (BUNDLE / "assets" / "labels.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["index"]) for row in rows] == list(range(527))
    assert rows[399] == {
        "index": "399",
        "mid": "/m/01y3hg",
        "display_name": "Smoke detector, smoke alarm",
    }


def test_tensors_have_the_names_and_types_that_clients_expect(model: ov.CompiledModel) -> None:
    tensors = {port.any_name: str(port.element_type) for port in (*model.inputs, *model.outputs)}
    assert {name: tensors[name].split("'")[1] for name in tensors} == {
        "embeddings": "uint8_t",
        "num_frames": "int32_t",
        "scores": "float32",
        "patch_scores": "float32",
    }


@pytest.mark.parametrize("length", LENGTHS)
def test_padding_has_no_influence(model: ov.CompiledModel, length: int) -> None:
    codes, num_frames = random_windows(length)
    filled = codes.copy()
    for row, count in enumerate(num_frames):
        codes[row, count:], filled[row, count:] = 0, 255
    for one, other in zip(
        scored(model, codes, num_frames), scored(model, filled, num_frames), strict=True
    ):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("length", LENGTHS)
def test_scores_are_finite_and_between_0_and_1(model: ov.CompiledModel, length: int) -> None:
    for scores in scored(model, *random_windows(length)):
        assert np.isfinite(scores).all()
        assert scores.min() >= 0
        assert scores.max() <= 1


def test_scores_are_0_without_frames(model: ov.CompiledModel) -> None:
    scores, patch_scores = scored(model, *random_windows(10))
    assert not scores[0].any()
    assert not patch_scores[0].any()


def test_the_belief_about_a_patch_does_not_depend_on_later_ones(model: ov.CompiledModel) -> None:
    codes = np.random.default_rng(4).integers(0, 256, (1, 10, 128), dtype=np.uint8)
    _, whole = scored(model, codes, np.array([10], np.int32))
    for newest in range(10):
        _, so_far = scored(model, codes[:, : newest + 1], np.array([newest + 1], np.int32))
        np.testing.assert_allclose(so_far[0, newest], whole[0, newest], atol=1e-6)


@pytest.mark.parametrize("length", LENGTHS)
def test_openvino_agrees_with_tensorflow(model: ov.CompiledModel, length: int) -> None:
    tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")
    serve = tf.saved_model.load(str(BUNDLE)).signatures["serving_default"]
    codes, num_frames = random_windows(length)
    expected = serve(embeddings=tf.constant(codes), num_frames=tf.constant(num_frames))
    scores, patch_scores = scored(model, codes, num_frames)
    np.testing.assert_allclose(scores, expected["scores"].numpy(), atol=1e-5, rtol=0)
    np.testing.assert_allclose(patch_scores, expected["patch_scores"].numpy(), atol=1e-5, rtol=0)


def test_padding_has_no_influence_in_tensorflow() -> None:
    tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")
    serve = tf.saved_model.load(str(BUNDLE)).signatures["serving_default"]
    codes, num_frames = random_windows(10)
    filled = codes.copy()
    for row, count in enumerate(num_frames):
        codes[row, count:], filled[row, count:] = 0, 255
    one, other = (
        serve(embeddings=tf.constant(array), num_frames=tf.constant(num_frames))
        for array in (codes, filled)
    )
    for name in ("scores", "patch_scores"):
        np.testing.assert_array_equal(one[name].numpy(), other[name].numpy())

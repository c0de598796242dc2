"""Keras, the SavedModel in TensorFlow and in OpenVINO give the same scores, for 1 to 300 frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openvino as ov
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

import keras  # noqa: E402

from training.export import write_saved_model  # noqa: E402
from training.frame_level.frames import dequantise  # noqa: E402
from training.frame_level.registry import ARCHITECTURES  # noqa: E402
from training.frame_level.settings import NetworkSizes  # noqa: E402
from training.readers import ClassLabel  # noqa: E402

SIZES = NetworkSizes(
    num_classes=7, dbof_cluster_size=24, dbof_hidden_size=16, lstm_cells=8, attention_units=16
)
CLASS_LABELS = [ClassLabel(i, f"/m/{i}", f"class {i}") for i in range(7)]


def with_random_weights(network: keras.Model) -> keras.Model:
    """Batch normalisation's statistics too: as trained, they are not 0 and 1."""
    rng = np.random.default_rng(0)
    for weight in network.weights:
        if "kernel" in weight.path:
            array = rng.normal(0, 2 / np.sqrt(weight.shape[0]), weight.shape)
        else:
            array = rng.uniform(0.1, 2, weight.shape)
        weight.assign(array.astype(np.float32))
    return network


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_keras_tensorflow_and_openvino_agree(name: str, tmp_path: Path) -> None:
    architecture = ARCHITECTURES[name]
    network = with_random_weights(architecture.build(SIZES))
    write_saved_model(network, CLASS_LABELS, tmp_path, architecture.score_segments)
    serve = tf.saved_model.load(str(tmp_path)).signatures["serving_default"]
    options = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}
    compiled = ov.Core().compile_model(str(tmp_path), "CPU", options)
    for length in (1, 2, 10, 300):
        codes = np.random.default_rng(length).integers(0, 256, (5, length, 128), dtype=np.uint8)
        num_frames = np.linspace(0, length, 5).astype(np.int32)
        expected = dict(
            zip(
                ("scores", "patch_scores"),
                architecture.score_segments(
                    network, dequantise(codes), tf.constant(num_frames), False
                ),
                strict=True,
            )
        )
        in_tensorflow = serve(embeddings=tf.constant(codes), num_frames=tf.constant(num_frames))
        in_openvino = compiled({"embeddings": codes, "num_frames": num_frames})
        for output, scores in expected.items():
            assert np.ptp(scores) > 0.01
            np.testing.assert_allclose(in_tensorflow[output], scores, atol=1e-5, rtol=0)
            np.testing.assert_allclose(in_openvino[output], scores, atol=1e-5, rtol=0)

"""Keras, the SavedModel in TensorFlow and the model server agree, for 0 to 300 frames.

Padding is filled with 255. The server is a process; it computes in OpenVINO.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

import keras  # noqa: E402

from earshot.serving.client import ServingClient  # noqa: E402
from tests.integration.modelserver.conftest import ModelServer  # noqa: E402
from tests.numeric.models.small_networks import (  # noqa: E402
    CLASS_LABELS,
    padded_segments,
    small_network,
)
from training.export import write_saved_model  # noqa: E402
from training.frame_level.frames import dequantise  # noqa: E402
from training.frame_level.registry import ARCHITECTURES  # noqa: E402
from training.frame_level.settings import NetworkSizes  # noqa: E402
from training.readers import ClassLabel  # noqa: E402

OUTPUTS = ("scores", "patch_scores")


@pytest.fixture(scope="module")
def networks() -> dict[str, keras.Model]:
    return {name: small_network(each) for name, each in ARCHITECTURES.items()}


@pytest.fixture(scope="module")
def models_dir(networks: dict[str, keras.Model], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    for name, network in networks.items():
        score_segments = ARCHITECTURES[name].score_segments
        write_saved_model(network, CLASS_LABELS, folder / name / "1", score_segments)
    return folder


@pytest.fixture(scope="module")
def server(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ModelServer]:
    running = ModelServer(models_dir, tmp_path_factory.mktemp("modelserver"))
    try:
        running.wait_until_serving()
        yield running
        assert running.stop() == 0
    finally:
        running.kill()


@pytest.fixture(scope="module")
def client(server: ModelServer) -> Iterator[ServingClient]:
    with ServingClient(server.target) as running:
        yield running


def test_the_model_server_warms_up_with_the_records_of_a_bundle(server: ModelServer) -> None:
    warmed_up = server.events("warmed up")
    assert len(warmed_up) == len(ARCHITECTURES)
    assert [(event["replayed"], event["skipped"]) for event in warmed_up] == [
        (3, 0) for _ in ARCHITECTURES
    ]


@pytest.mark.parametrize("length", [1, 2, 10, 300])
@pytest.mark.parametrize("name", ARCHITECTURES)
def test_keras_tensorflow_and_the_model_server_agree(
    name: str,
    length: int,
    networks: dict[str, keras.Model],
    models_dir: Path,
    client: ServingClient,
) -> None:
    inputs = padded_segments(length)
    codes, num_frames = inputs["embeddings"], tf.constant(inputs["num_frames"])
    score_segments = ARCHITECTURES[name].score_segments
    in_keras = score_segments(networks[name], dequantise(codes), num_frames, False)
    serve = tf.saved_model.load(str(models_dir / name / "1")).signatures["serving_default"]
    in_tensorflow = serve(embeddings=tf.constant(codes), num_frames=num_frames)
    served, version = client.predict(name, inputs)
    assert version == 1
    for output, expected in zip(OUTPUTS, in_keras, strict=True):
        assert np.ptp(expected) > 0.01
        np.testing.assert_allclose(in_tensorflow[output], expected, atol=1e-5, rtol=0)
        np.testing.assert_allclose(served[output], expected, atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_bundle_holds_each_weight_once(name: str, tmp_path: Path) -> None:
    sizes = NetworkSizes(
        num_classes=700,
        dbof_cluster_size=512,
        dbof_hidden_size=128,
        lstm_cells=128,
        attention_units=200,
    )
    network = ARCHITECTURES[name].build(sizes)
    class_labels = [ClassLabel(index, f"/m/{index}", f"class {index}") for index in range(700)]
    bundle = tmp_path / name / "1"
    write_saved_model(network, class_labels, bundle, ARCHITECTURES[name].score_segments)
    weight_bytes = sum(weight.nbytes for weight in network.get_weights())
    overhead_bytes = 300_000  # the graph, the labels, the warm-up records
    assert weight_bytes > overhead_bytes
    num_bytes = sum(file.stat().st_size for file in bundle.rglob("*") if file.is_file())
    assert weight_bytes < num_bytes < weight_bytes + overhead_bytes

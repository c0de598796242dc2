"""SavedModels in OpenVINO, in process."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from services.modelserver.backend import SavedModel, require_precision
from services.modelserver.errors import (
    InferenceFailed,
    InvalidInput,
    ModelRejected,
    PrecisionUnsupported,
)
from services.modelserver.saved_model_file import read_signature_defs


@pytest.fixture(scope="module")
def model(bundles):
    return load(bundles / "first")


def load(folder, **options):
    return SavedModel.load(folder, read_signature_defs(folder), **options)


@pytest.mark.parametrize("shape", [(1, 1), (5, 10), (2, 300), (0, 3)])
def test_outputs_equal_tensorflows_when_run(model, expected, codes, shape):
    inputs = codes(*shape)
    outputs = model.run(inputs)
    for name, reference in expected("first", inputs).items():
        assert outputs[name].dtype == reference.dtype
        np.testing.assert_allclose(outputs[name], reference, rtol=0, atol=1e-5)


def test_outputs_stay_when_the_model_runs_again(model, codes):
    first = model.run(codes(2, 5))
    kept = first["scores"].copy()
    model.run(codes(2, 5))
    np.testing.assert_array_equal(first["scores"], kept)


def test_outputs_are_right_when_many_threads_run_at_once(model, codes):
    requests = [codes(1, frames) for frames in range(1, 33)]
    alone = [model.run(inputs)["scores"] for inputs in requests]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda inputs: model.run(inputs)["scores"], requests))
    for one, other in zip(alone, together, strict=True):
        np.testing.assert_array_equal(one, other)


def test_inputs_may_be_read_only_or_strided_when_run(model, codes):
    inputs = codes(2, 6)
    every_other = {**inputs, "embeddings": inputs["embeddings"][:, ::-1][:, ::-1]}
    every_other["embeddings"].flags.writeable = False
    np.testing.assert_array_equal(model.run(every_other)["scores"], model.run(inputs)["scores"])


def test_scores_are_finite_when_no_frame_counts(model):
    inputs = {"embeddings": np.zeros((1, 4, 128), np.uint8), "num_frames": np.zeros(1, np.int32)}
    assert np.isfinite(model.run(inputs)["scores"]).all()


def test_bf16_is_near_f32_when_the_cpu_has_it(bundles, model, codes):
    try:
        require_precision("bf16")
    except PrecisionUnsupported as error:
        pytest.skip(str(error))
    inputs = codes(8, 10)
    narrow = load(bundles / "first", precision="bf16")
    assert (narrow.precision, model.precision) == ("bf16", "f32")
    # Largest difference measured over several models: 1.4e-3.
    np.testing.assert_allclose(
        narrow.run(inputs)["scores"], model.run(inputs)["scores"], rtol=0, atol=1e-2
    )


def test_invalid_input_names_the_tensor_when_it_does_not_fit(model):
    with pytest.raises(InvalidInput, match=r'"embeddings": expected uint8 \[\?, \?, 128\]'):
        model.run({"embeddings": np.zeros((1, 2, 64), np.uint8), "num_frames": np.ones(1)})


def test_model_is_rejected_when_openvino_cannot_run_the_graph(official, tmp_path):
    tf = official.tf
    module = tf.Module()
    specs = [tf.TensorSpec([None], tf.string, "example_bytes")]
    features = {"x": tf.io.FixedLenFeature([], tf.float32)}

    def serve(example_bytes):
        return {"x": tf.io.parse_example(example_bytes, features)["x"]}

    signatures = {"serving_default": tf.function(serve, input_signature=specs)}
    tf.saved_model.save(module, str(tmp_path), signatures=signatures)
    with pytest.raises(ModelRejected, match="ParseExample"):
        load(tmp_path)


def test_a_closed_model_says_so_when_someone_still_runs_it(bundles, codes):
    closed = load(bundles / "first")
    closed.close()
    inputs = {"embeddings": codes(1, 2)["embeddings"], "num_frames": np.array([2], np.int32)}
    with pytest.raises(InferenceFailed, match="no longer in service"):
        closed.run(inputs)

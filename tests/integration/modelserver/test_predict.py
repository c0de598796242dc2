"""Predict over gRPC: the same numbers as TensorFlow, for both clients and both encodings."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest


@pytest.fixture
def predict(official, channel):
    """Asks with the official stub and messages."""
    stub = official.prediction_stub(channel)

    def ask(model, inputs, outputs=(), version=None):
        request = official.predict.PredictRequest(output_filter=outputs)
        request.model_spec.name = model
        request.model_spec.signature_name = "serving_default"
        if version is not None:
            request.model_spec.version.value = version
        for name, array in inputs.items():
            request.inputs[name].CopyFrom(official.tf.make_tensor_proto(array))
        return stub.Predict(request, timeout=30)

    return ask


@pytest.mark.parametrize("shape", [(1, 1), (1, 10), (16, 10), (3, 60), (0, 10)])
def test_scores_equal_tensorflows_when_the_official_client_asks(
    official, predict, expected, codes, shape
):
    inputs = codes(*shape)
    reply = predict("demo", inputs)
    assert set(reply.outputs) == {"scores", "patch_scores"}
    for name, reference in expected("second", inputs).items():
        given = official.tf.make_ndarray(reply.outputs[name])
        assert given.dtype == np.float32
        np.testing.assert_allclose(given, reference, rtol=0, atol=1e-5)


def test_scores_equal_tensorflows_when_our_client_asks(client, expected, codes):
    inputs = codes(4, 10)
    outputs, version = client.predict("demo", inputs)
    assert version == 2
    for name, reference in expected("second", inputs).items():
        np.testing.assert_allclose(outputs[name], reference, rtol=0, atol=1e-5)


def test_model_without_frames_is_served_when_it_is_any_savedmodel(client, expected):
    inputs = {"x": np.array([[1, 2, 3], [4, 5, 6]], np.float32)}
    outputs, _ = client.predict("plain", inputs)
    for name, reference in expected("plain", inputs).items():
        np.testing.assert_array_equal(outputs[name], reference)


def test_reply_names_what_answered_when_no_version_is_asked_for(predict, codes):
    spec = predict("demo", codes(1, 1)).model_spec
    assert (spec.name, spec.version.value, spec.signature_name) == ("demo", 2, "serving_default")


def test_version_answers_when_it_is_asked_for_by_number(predict, client, codes):
    assert predict("demo", codes(1, 1), version=2).model_spec.version.value == 2
    assert client.predict("demo", codes(1, 1), version=2)[1] == 2


def test_only_chosen_outputs_come_back_when_there_is_a_filter(predict, codes):
    assert set(predict("demo", codes(1, 3), outputs=["scores"]).outputs) == {"scores"}


def test_values_are_raw_bytes_when_the_server_answers(predict, codes):
    inputs = {"x": np.array([[2]], np.float32)}
    for reply in (predict("demo", codes(1, 1)), predict("plain", inputs)):
        for tensor in reply.outputs.values():
            assert tensor.tensor_content
            assert not tensor.float_val


@pytest.mark.parametrize("given", [[7], [1, 2, 3], [], list(range(128)) * 2])
def test_typed_lists_are_understood_when_the_client_sends_them(official, channel, predict, given):
    request = official.predict.PredictRequest()
    request.model_spec.name = "demo"
    embeddings = request.inputs["embeddings"]
    embeddings.dtype = official.tf.uint8.as_datatype_enum
    embeddings.tensor_shape.CopyFrom(official.tf.TensorShape([1, 2, 128]).as_proto())
    embeddings.int_val.extend(given)
    request.inputs["num_frames"].CopyFrom(official.tf.make_tensor_proto(2, shape=[1]))
    reply = official.prediction_stub(channel).Predict(request, timeout=30)

    padding = [given[-1] if given else 0] * (256 - len(given))
    values = np.array([*given, *padding], np.uint8).reshape(1, 2, 128)
    same = predict("demo", {"embeddings": values, "num_frames": np.array([2], np.int32)})
    assert reply.outputs["scores"] == same.outputs["scores"]


def test_batched_equals_alone_when_many_requests_come_at_once(client, codes):
    rng = np.random.default_rng(3)
    requests = [codes(int(rng.integers(1, 5)), int(rng.integers(1, 31))) for _ in range(200)]
    alone = [client.predict("demo", inputs)[0] for inputs in requests]
    with ThreadPoolExecutor(32) as pool:
        together = list(pool.map(lambda inputs: client.predict("demo", inputs)[0], requests))
    for one, other in zip(alone, together, strict=True):
        for name in ("scores", "patch_scores"):
            assert one[name].shape == other[name].shape
            np.testing.assert_allclose(other[name], one[name], rtol=0, atol=1e-6)


def test_padding_changes_nothing_when_it_is_full_of_noise(client, codes):
    inputs = codes(8, 20)
    is_padding = np.arange(20) >= inputs["num_frames"][:, None]
    noisy = np.where(is_padding[:, :, None], 255, inputs["embeddings"]).astype(np.uint8)
    clean, _ = client.predict("demo", inputs)
    same, _ = client.predict("demo", {**inputs, "embeddings": noisy})
    np.testing.assert_array_equal(same["scores"], clean["scores"])

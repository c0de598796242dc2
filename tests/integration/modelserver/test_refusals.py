"""What cannot be answered: TensorFlow Serving's code and words, over the official stubs.

Source of the words: tensorflow_serving/servables/tensorflow/predict_util.cc, core/manager.h,
model_servers/{server_core,get_model_status_impl}.cc. Where TensorFlow's sentence depends on the
graph (types, shapes), ours names the tensor, what is expected and what was given.
"""

from __future__ import annotations

import socket

import grpc
import numpy as np
import pytest

from earshot.serving.client import ServingClient
from earshot.serving.errors import ModelRefused, ModelUnavailable

INVALID = grpc.StatusCode.INVALID_ARGUMENT
NOT_FOUND = grpc.StatusCode.NOT_FOUND
FRAMES = {
    "embeddings": np.zeros((2, 3, 128), np.uint8),
    "num_frames": np.array([3, 2], np.int32),
}


@pytest.fixture
def build(official):
    def build_request(inputs=FRAMES, **spec):
        request = official.predict.PredictRequest()
        request.model_spec.name = spec.get("name", "demo")
        if "version" in spec:
            request.model_spec.version.value = spec["version"]
        if "label" in spec:
            request.model_spec.version_label = spec["label"]
        if "signature" in spec:
            request.model_spec.signature_name = spec["signature"]
        for name, array in inputs.items():
            request.inputs[name].CopyFrom(official.tf.make_tensor_proto(array))
        return request

    return build_request


@pytest.fixture
def refusal(official, channel):
    """Sends a request; gives code and words of the refusal."""
    stubs = (official.prediction_stub(channel), official.model_stub(channel))

    def send(method, request):
        call = getattr(stubs[0], method, None) or getattr(stubs[1], method)
        with pytest.raises(grpc.RpcError) as raised:
            call(request, timeout=30)
        return raised.value.code(), raised.value.details()

    return send


@pytest.mark.parametrize(
    ("spec", "code", "sentence"),
    [
        ({"name": "nope"}, NOT_FOUND, "Servable not found for request: Latest(nope)"),
        ({"version": 7}, NOT_FOUND, "Servable not found for request: Specific(demo, 7)"),
        ({"version": 1}, NOT_FOUND, "Servable not found for request: Specific(demo, 1)"),
        ({"label": "stable"}, INVALID, "Unrecognized servable version label: stable"),
        (
            {"signature": "other"},
            grpc.StatusCode.FAILED_PRECONDITION,
            'Serving signature key "other" not found.',
        ),
    ],
)
def test_wrong_model_is_refused_when_predicting(build, refusal, spec, code, sentence):
    assert refusal("Predict", build(**spec)) == (code, sentence)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"num_frames": None},
            "input size does not match signature: 1!=2 len({embeddings}) != "
            "len({embeddings,num_frames}). Sent extra: {}. Missing but required: {num_frames}.",
        ),
        (
            {"num_frames": None, "frames": np.array([3, 2], np.int32)},
            "input tensor alias not found in signature: frames. "
            "Inputs expected to be in the set {embeddings,num_frames}.",
        ),
        (
            {"embeddings": np.zeros((2, 3, 128), np.float32)},
            'input tensor "embeddings": expected uint8 [?, ?, 128], given float32 [2, 3, 128]',
        ),
        (
            {"embeddings": np.zeros((2, 3, 64), np.uint8)},
            'input tensor "embeddings": expected uint8 [?, ?, 128], given uint8 [2, 3, 64]',
        ),
        (
            {"embeddings": np.zeros((3, 128), np.uint8)},
            'input tensor "embeddings": expected uint8 [?, ?, 128], given uint8 [3, 128]',
        ),
        (
            {"num_frames": np.array([3, 2, 1], np.int32)},
            'input tensors must have equal 0th-dimension size: "embeddings" has 2, '
            '"num_frames" has 3',
        ),
        (
            {"num_frames": np.array([3, 4], np.int32)},
            'input tensor "num_frames": expected values from 0 to 3, the frames of "embeddings", '
            "given values from 3 to 4",
        ),
        (
            {"num_frames": np.array([b"3", b"2"])},
            'input tensor "num_frames": expected int32 [?], given string [2]',
        ),
    ],
)
def test_wrong_tensor_is_named_with_both_shapes_when_predicting(build, refusal, change, sentence):
    inputs = {name: array for name, array in {**FRAMES, **change}.items() if array is not None}
    assert refusal("Predict", build(inputs)) == (INVALID, sentence)


def test_unreadable_tensor_is_named_when_predicting(build, refusal):
    request = build()
    request.inputs["embeddings"].tensor_content = b"short"
    code, sentence = refusal("Predict", request)
    assert code == INVALID
    assert sentence == (
        "tensor parsing error: embeddings: tensor_content has 5 bytes, the shape needs 768"
    )


def test_wrong_output_is_refused_when_there_is_a_filter(build, refusal):
    request = build()
    request.output_filter.append("score")
    assert refusal("Predict", request) == (
        INVALID,
        "output tensor alias not found in signature: score "
        "Outputs expected to be in the set {patch_scores,scores}.",
    )
    del request.output_filter[:]
    request.output_filter.extend(["scores", "scores"])
    assert refusal("Predict", request) == (INVALID, "duplicate output tensor alias: scores")


def test_request_is_refused_when_it_names_no_model(official, refusal):
    metadata = official.metadata.GetModelMetadataRequest(metadata_field=["signature_def"])
    for method, request in (
        ("Predict", official.predict.PredictRequest()),
        ("GetModelMetadata", metadata),
        ("GetModelStatus", official.status.GetModelStatusRequest()),
    ):
        assert refusal(method, request) == (INVALID, "Missing ModelSpec")


def test_metadata_request_is_refused_when_field_or_model_is_wrong(official, refusal):
    request = official.metadata.GetModelMetadataRequest()
    request.model_spec.name = "nope"
    sentence = "GetModelMetadataRequest must specify at least one metadata_field"
    assert refusal("GetModelMetadata", request) == (INVALID, sentence)
    request.metadata_field.append("graph")
    sentence = "Metadata field graph is not supported"
    assert refusal("GetModelMetadata", request) == (INVALID, sentence)
    request.metadata_field[0] = "signature_def"
    sentence = "Servable not found for request: Latest(nope)"
    assert refusal("GetModelMetadata", request) == (NOT_FOUND, sentence)


def test_status_request_is_refused_when_nothing_is_known(official, refusal):
    request = official.status.GetModelStatusRequest()
    request.model_spec.name = "nope"
    sentence = "Could not find any versions of model nope"
    assert refusal("GetModelStatus", request) == (NOT_FOUND, sentence)
    request.model_spec.name = "demo"
    request.model_spec.version.value = 7
    sentence = "Could not find version 7 of model demo"
    assert refusal("GetModelStatus", request) == (NOT_FOUND, sentence)


def test_call_is_unimplemented_when_earshot_does_not_offer_it(official, channel):
    classify = channel.unary_unary("/tensorflow.serving.PredictionService/Classify")
    with pytest.raises(grpc.RpcError) as raised:
        classify(b"", timeout=30)
    assert raised.value.code() == grpc.StatusCode.UNIMPLEMENTED


def test_our_client_tells_refusal_from_absence_when_it_fails(client):
    with pytest.raises(ModelRefused, match=r"NOT_FOUND: Servable not found.*Specific\(demo, 9\)"):
        client.predict("demo", FRAMES, version=9)
    with pytest.raises(ModelRefused, match="INVALID_ARGUMENT: input size does not match"):
        client.predict("demo", {})
    with pytest.raises(ModelRefused, match="NOT_FOUND: Could not find any versions"):
        client.status("nope")


def test_model_is_unavailable_when_nobody_listens():
    with socket.socket() as taken:  # bound, so that nobody else takes it, but not listening
        taken.bind(("127.0.0.1", 0))
        target = f"127.0.0.1:{taken.getsockname()[1]}"
        with (
            ServingClient(target, timeout_s=10) as client,
            pytest.raises(ModelUnavailable, match=f"{target}: UNAVAILABLE"),
        ):
            client.predict("demo", FRAMES)

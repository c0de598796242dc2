"""The client sends what tensorflow-serving-api sends, byte for byte, and reads what it reads.

Oracle: tensorflow-serving-api, tf.make_tensor_proto, tf.make_ndarray and tf.io.parse_tensor (the
C++ reader that a server uses) of TensorFlow 2.21.
"""

from __future__ import annotations

import numpy as np
import pytest

from earshot.serving.api import ModelState
from earshot.serving.signature import Signature, TensorSpec
from earshot.serving.tensor import decode, encode, encode_content
from earshot.serving.v1 import config_pb2 as config
from earshot.serving.v1 import predict_pb2 as ours

RNG = np.random.default_rng(7)
ARRAYS = {
    "frames": RNG.normal(size=(16, 10, 128)).astype(np.float32),
    "codes": RNG.integers(0, 256, (3, 10, 128), dtype=np.uint8),
    "one code": np.array([[[7]]], np.uint8),
    "counts": np.array([10, 9, 3], np.int32),
    "one count": np.array([10], np.int32),
    "scalar": np.array(0.5, np.float32),
    "float64": RNG.normal(size=(2, 3)),
    "int64": np.array([[1, -(2**40)]]),
    "bool": np.array([True, False, True]),
    "half": np.array([0.5, -1.0, 65504.0], np.float16),
    "one half": np.array([0.5], np.float16),
    "strings": np.array([b"dog", b"\xff\x00x", b""], object),
    "text": np.array(["a", "ü"]),
    "empty": np.zeros((0, 10, 128), np.float32),
    "transposed": np.arange(6, dtype=np.int32).reshape(2, 3).T,
    "extremes": np.array([np.nan, np.inf, -np.inf, -0.0, 1e-45], np.float32),
}
NAMES = list(ARRAYS)


@pytest.fixture
def official_request(official):
    def build(inputs, version=None):
        request = official.predict.PredictRequest()
        request.model_spec.name = "demo"
        request.model_spec.signature_name = "serving_default"
        if version is not None:
            request.model_spec.version.value = version
        for name, array in inputs.items():
            request.inputs[name].CopyFrom(official.tf.make_tensor_proto(array, array.dtype))
        return request

    return build


@pytest.mark.parametrize("name", NAMES)
def test_tensor_is_written_byte_for_byte_when_encoded(official, name):
    array = ARRAYS[name]
    dtype = official.tf.as_dtype(array.dtype)  # else make_tensor_proto narrows int64 and float64
    expected = official.tf.make_tensor_proto(array, dtype)
    assert encode(array).SerializeToString() == expected.SerializeToString()


@pytest.mark.parametrize("version", [None, 0, 3])
def test_predict_request_is_identical_when_sent(official_request, client, recorder, version):
    inputs = {"num_frames": ARRAYS["counts"], "embeddings": ARRAYS["codes"], "a": ARRAYS["frames"]}
    client.predict("demo", inputs, version=version)
    expected = official_request(inputs, version)
    assert recorder.path == "/tensorflow.serving.PredictionService/Predict"
    assert recorder.request == expected.SerializeToString(deterministic=True)


@pytest.mark.parametrize("name", NAMES)
def test_official_decoder_gives_the_same_array_when_we_encode(official, name):
    array = ARRAYS[name]
    encoders = [encode] if array.dtype.kind in "OU" else [encode, encode_content]
    for encoder in encoders:
        proto = official.tf.make_tensor_proto(0)
        proto.ParseFromString(encoder(array).SerializeToString())
        decoded = official.tf.make_ndarray(proto)
        expected = np.char.encode(array) if array.dtype.kind == "U" else array
        np.testing.assert_array_equal(decoded, expected)


@pytest.mark.parametrize("name", NAMES)
def test_our_decoder_gives_the_same_array_when_tensorflow_encodes(official, name):
    array = ARRAYS[name]
    proto = official.tf.make_tensor_proto(array, official.tf.as_dtype(array.dtype))
    decoded = decode(ours.TensorProto.FromString(proto.SerializeToString()))
    np.testing.assert_array_equal(decoded, official.tf.make_ndarray(proto))


@pytest.mark.parametrize(
    ("dtype", "field", "values"),
    [
        ("DT_FLOAT", "float_val", [0.1, 0.2]),
        ("DT_DOUBLE", "double_val", [0.1, 0.2]),
        ("DT_INT32", "int_val", [-1, 2]),
        ("DT_UINT8", "int_val", [1, 255]),
        ("DT_INT64", "int64_val", [2**40, 2]),
        ("DT_BOOL", "bool_val", [True, False]),
        ("DT_HALF", "half_val", [0x3C00, 0x3800]),
        ("DT_STRING", "string_val", [b"a", b"\xff"]),
    ],
)
@pytest.mark.parametrize("num_given", [0, 1, 2])
def test_typed_lists_mean_the_same_when_they_are_short(official, dtype, field, values, num_given):
    proto = ours.TensorProto(dtype=dtype, **{field: values[:num_given]})
    for size in (3, 2):
        proto.tensor_shape.dim.add(size=size)
    theirs = official.tf.io.parse_tensor(
        proto.SerializeToString(), official.tf.as_dtype(proto.dtype)
    )
    np.testing.assert_array_equal(decode(proto), theirs.numpy())


def test_outputs_and_version_are_read_when_the_reply_is_official(official, client, recorder):
    reply = official.predict.PredictResponse()
    reply.model_spec.name = "demo"
    reply.model_spec.version.value = 12
    reply.outputs["scores"].CopyFrom(official.tf.make_tensor_proto(ARRAYS["frames"]))
    recorder.reply = reply.SerializeToString()
    outputs, version = client.predict("demo", {"x": ARRAYS["counts"]})
    assert version == 12
    np.testing.assert_array_equal(outputs["scores"], ARRAYS["frames"])


def test_signatures_are_read_when_the_metadata_is_official(official, client, recorder):
    signatures = official.metadata.SignatureDefMap()
    signature = signatures.signature_def["serving_default"]
    signature.inputs["embeddings"].dtype = official.tf.uint8.as_datatype_enum
    signature.inputs["embeddings"].tensor_shape.CopyFrom(
        official.tf.TensorShape([None, None, 128]).as_proto()
    )
    signature.outputs["scores"].dtype = official.tf.float32.as_datatype_enum
    signature.outputs["scores"].tensor_shape.CopyFrom(
        official.tf.TensorShape([None, 527]).as_proto()
    )
    reply = official.metadata.GetModelMetadataResponse()
    reply.model_spec.version.value = 4
    reply.metadata["signature_def"].Pack(signatures)
    recorder.reply = reply.SerializeToString()

    metadata = client.metadata("demo", version=4)

    assert recorder.path == "/tensorflow.serving.PredictionService/GetModelMetadata"
    expected = official.metadata.GetModelMetadataRequest(metadata_field=["signature_def"])
    expected.model_spec.name = "demo"
    expected.model_spec.version.value = 4
    assert recorder.request == expected.SerializeToString(deterministic=True)
    assert metadata.version == 4
    assert metadata.signatures == {
        "serving_default": Signature(
            inputs={"embeddings": TensorSpec(np.dtype(np.uint8), (None, None, 128))},
            outputs={"scores": TensorSpec(np.dtype(np.float32), (None, 527))},
        )
    }


def test_states_are_read_when_the_status_is_official(official, client, recorder):
    reply = official.status.GetModelStatusResponse()
    states = official.status.ModelVersionStatus
    for version, state in ((3, states.LOADING), (2, states.AVAILABLE), (1, states.END)):
        reply.model_version_status.add(version=version, state=state)
    recorder.reply = reply.SerializeToString()
    assert client.status("demo") == [
        (3, ModelState.LOADING),
        (2, ModelState.AVAILABLE),
        (1, ModelState.END),
    ]
    assert recorder.path == "/tensorflow.serving.ModelService/GetModelStatus"
    expected = official.status.GetModelStatusRequest()
    expected.model_spec.name = "demo"
    assert recorder.request == expected.SerializeToString(deterministic=True)


def test_every_field_of_ours_has_the_official_number_and_type(official):
    for theirs, mine in (
        (official.predict.PredictRequest, ours.PredictRequest),
        (official.predict.PredictResponse, ours.PredictResponse),
        (official.metadata.GetModelMetadataRequest, ours.GetModelMetadataRequest),
        (official.metadata.GetModelMetadataResponse, ours.GetModelMetadataResponse),
        (official.metadata.SignatureDefMap, ours.SignatureDefMap),
        (official.status.GetModelStatusRequest, ours.GetModelStatusRequest),
        (official.status.GetModelStatusResponse, ours.GetModelStatusResponse),
        (official.management.ReloadConfigRequest, config.ReloadConfigRequest),
        (official.management.ReloadConfigResponse, config.ReloadConfigResponse),
    ):
        _compare(mine.DESCRIPTOR, theirs.DESCRIPTOR)


def _compare(mine, theirs):
    for field in mine.fields:
        same = theirs.fields_by_name[field.name]
        assert (field.number, field.is_repeated) == (same.number, same.is_repeated), field.full_name
        assert field.type == same.type, field.full_name
        if field.message_type and not field.message_type.full_name.startswith("google."):
            _compare(field.message_type, same.message_type)
        if field.enum_type:
            for value in field.enum_type.values:
                assert same.enum_type.values_by_name[value.name].number == value.number

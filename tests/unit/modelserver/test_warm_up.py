"""Records written here byte by byte; those of TensorFlow's writer are in the integration tests."""

import struct

import pytest

from earshot.crc32c import masked_crc32c
from earshot.serving.tensor import encode
from earshot.serving.v1.predict_pb2 import ModelSpec, PredictRequest
from earshot.serving.v1.prediction_log_pb2 import PredictionLog, PredictLog
from services.modelserver.errors import InferenceFailed, LoadError, SignatureUnavailable
from services.modelserver.warm_up import MAX_RECORDS, RECORDS, warm_up


def framed(payload: bytes) -> bytes:
    length = struct.pack("<Q", len(payload))
    crcs = [struct.pack("<I", masked_crc32c(each)) for each in (length, payload)]
    return length + crcs[0] + payload + crcs[1]


@pytest.fixture
def write(tmp_path):
    def write_records(*payloads: bytes) -> None:
        path = tmp_path / RECORDS
        path.parent.mkdir()
        path.write_bytes(b"".join(map(framed, payloads)))

    return write_records


@pytest.fixture
def record(make_request):
    def build(num_rows: int, num_frames: int, value: int = 1, **spec: str) -> bytes:
        inputs = make_request(num_rows, num_frames, value)
        request = PredictRequest(
            model_spec=ModelSpec(name="whatever", **spec),
            inputs={name: encode(array) for name, array in inputs.items()},
        )
        return PredictionLog(predict_log=PredictLog(request=request)).SerializeToString()

    return build


def test_every_request_is_computed_when_a_bundle_brings_them(tmp_path, model, write, record):
    write(record(1, 10), record(4, 2, signature_name="serving_default"))
    warm_up(tmp_path, model)
    assert model.batches == [[1, 10], [4, 2]]


def test_requests_of_other_kinds_are_passed_over_when_a_bundle_brings_them(
    tmp_path, model, write, record
):
    classify_log = b"\x12\x00"  # field 2, empty
    write(classify_log, record(1, 1))
    warm_up(tmp_path, model)
    assert model.batches == [[1, 1]]


def test_requests_are_passed_over_when_nothing_can_run_their_signature(
    tmp_path, model, write, record
):
    def refuse(_):
        raise SignatureUnavailable("TensorFlow is missing")

    model.model = refuse
    write(record(1, 1, signature_name="other"))
    warm_up(tmp_path, model)
    assert model.batches == []


def test_load_error_names_the_record_when_the_model_refuses_it(tmp_path, model, write, record):
    write(record(1, 1), record(1, 1, value=255))
    with pytest.raises(LoadError, match="warmup_requests, record 1: poison"):
        warm_up(tmp_path, model)


@pytest.mark.parametrize(
    ("payload", "sentence"),
    [
        (b"\xff", "record 0: "),
        (PredictionLog(predict_log=PredictLog()).SerializeToString(), "record 0: input size"),
    ],
)
def test_load_error_when_a_record_is_no_request(tmp_path, model, write, payload, sentence):
    write(payload)
    with pytest.raises(LoadError, match=sentence):
        warm_up(tmp_path, model)


def test_load_error_when_the_signature_does_not_exist(tmp_path, model, write, record):
    write(record(1, 1, signature_name="nope"))
    with pytest.raises(LoadError, match='record 0: Serving signature key "nope" not found'):
        warm_up(tmp_path, model)


def test_load_error_when_there_are_too_many_records(tmp_path, model, write):
    write(*[b""] * MAX_RECORDS)
    warm_up(tmp_path, model)
    (tmp_path / RECORDS).write_bytes(framed(b"") * (MAX_RECORDS + 1))
    with pytest.raises(LoadError, match="more than 1000 records"):
        warm_up(tmp_path, model)


def test_zeros_are_computed_when_a_bundle_has_no_records(tmp_path, model):
    warm_up(tmp_path, model)
    assert model.batches == [[1, 1]]


def test_a_version_is_served_all_the_same_when_zeros_are_no_input_of_it(tmp_path, model):
    def refuse(_):
        raise InferenceFailed("division by zero")

    model.run = refuse
    warm_up(tmp_path, model)

"""The warm-up records of a bundle are what TensorFlow Serving reads.

Oracle: TensorFlow's own reader of TFRecords and tensorflow-serving-api's prediction_log_pb2.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from earshot.serving.v1 import prediction_log_pb2 as ours


@pytest.fixture(scope="session")
def official_log(official) -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # TensorFlow's own, at import
        from tensorflow_serving.apis import prediction_log_pb2
    return prediction_log_pb2


@pytest.fixture
def logs(official, official_log, tmp_path: Path) -> list:
    from training.warmup import write_warmup_requests

    bundle = tmp_path / "kitchen" / "3"
    bundle.mkdir(parents=True)
    write_warmup_requests(bundle)
    path = bundle / "assets.extra" / "tf_serving_warmup_requests"
    records = official.tf.data.TFRecordDataset(str(path)).as_numpy_iterator()
    return [official_log.PredictionLog.FromString(record) for record in records]


def test_every_record_is_a_predict_request_for_the_default_signature(logs) -> None:
    assert [log.WhichOneof("log_type") for log in logs] == ["predict_log"] * 3
    for log in logs:
        spec = log.predict_log.request.model_spec
        assert (spec.name, spec.signature_name) == ("kitchen", "serving_default")
        assert spec.WhichOneof("version_choice") is None


def test_inputs_are_those_of_a_frame_level_model(official, logs) -> None:
    shapes = []
    for log in logs:
        inputs = log.predict_log.request.inputs
        assert set(inputs) == {"embeddings", "num_frames"}
        codes = official.tf.make_ndarray(inputs["embeddings"])
        num_frames = official.tf.make_ndarray(inputs["num_frames"])
        assert (codes.dtype, num_frames.dtype) == (np.uint8, np.int32)
        assert num_frames.tolist() == [codes.shape[1]] * len(codes)
        assert np.ptp(codes) > 200
        shapes.append(codes.shape)
    assert shapes == [(1, 10, 128), (1, 1, 128), (16, 10, 128)]


def test_nothing_is_lost_in_our_own_messages(logs) -> None:
    for log in logs:
        content = log.SerializeToString(deterministic=True)
        ours_again = ours.PredictionLog.FromString(content)
        assert ours_again.SerializeToString(deterministic=True) == content


def test_every_field_of_ours_has_the_official_number_and_type(official_log) -> None:
    for name in ("PredictionLog", "PredictLog"):
        theirs = getattr(official_log, name).DESCRIPTOR
        for field in getattr(ours, name).DESCRIPTOR.fields:
            same = theirs.fields_by_name[field.name]
            assert (field.number, field.type) == (same.number, same.type)
            assert field.message_type.name == same.message_type.name


def test_the_records_are_the_same_each_time(official, tmp_path: Path) -> None:
    from training.warmup import WARMUP_FILE, write_warmup_requests

    contents = []
    for folder in ("a", "b"):
        (tmp_path / folder / "kitchen" / "1").mkdir(parents=True)
        write_warmup_requests(tmp_path / folder / "kitchen" / "1")
        contents.append((tmp_path / folder / "kitchen" / "1" / WARMUP_FILE).read_bytes())
    assert contents[0] == contents[1]

"""Warm-up: what a version computes before it is served.

Source: tensorflow_serving/servables/tensorflow/{saved_model_warmup,saved_model_warmup_util}.cc.
"""

from __future__ import annotations

from pathlib import Path

import structlog
from google.protobuf.message import DecodeError

from earshot.serving.api import DEFAULT_SIGNATURE
from earshot.serving.v1.prediction_log_pb2 import PredictionLog
from services.modelserver.errors import LoadError, RequestError, SignatureUnavailable
from services.modelserver.inputs import smallest_inputs
from services.modelserver.model import ModelVersion
from services.modelserver.predict import read_inputs
from services.modelserver.tfrecord import read_payloads

RECORDS = Path("assets.extra", "tf_serving_warmup_requests")
MAX_RECORDS = 1000

log = structlog.get_logger(__name__)


def warm_up(directory: Path, version: ModelVersion) -> None:
    """Computes the requests that a bundle brings for this, else one of zeros.

    A file of requests that TensorFlow Serving refuses is refused here too, so that what is served
    on one machine is served in production; but a record of a SessionRun, which it refuses, is
    passed over. Only Predict is replayed; records of other kinds, which this server does not
    answer, and requests for a signature that nothing here can run are counted in the log.

    Args:
        directory: The bundle, with or without `RECORDS`.
        version: What it holds, loaded.

    Raises:
        LoadError: The file is damaged or too long, or the model refuses a request.
    """
    if (directory / RECORDS).exists():
        _replay_all(directory / RECORDS, version)
    else:
        _run_zeros(directory, version)


def _replay_all(path: Path, version: ModelVersion) -> None:
    num_replayed = num_skipped = 0
    for place, record in enumerate(read_payloads(path)):
        if place == MAX_RECORDS:
            raise LoadError(f"{path}: more than {MAX_RECORDS} records")
        try:
            is_replayed = _replay(record, version)
        except (DecodeError, RequestError) as error:
            raise LoadError(f"{path}, record {place}: {error}") from None
        num_replayed += is_replayed
        num_skipped += not is_replayed
    log.info("warmed up", path=str(path), replayed=num_replayed, skipped=num_skipped)


def _run_zeros(directory: Path, version: ModelVersion) -> None:
    """A failure stops nothing: zeros may be no valid input, and TensorFlow Serving runs none."""
    try:
        model = version.model(DEFAULT_SIGNATURE)
        model.run(smallest_inputs(model.signature))
    except RequestError as error:
        log.warning("not warmed up", path=str(directory), reason=str(error))


def _replay(record: bytes, version: ModelVersion) -> bool:
    """Computes a request, whatever model it names; False when nothing here answers it."""
    logged = PredictionLog.FromString(record)
    if not logged.HasField("predict_log"):
        return False
    request = logged.predict_log.request
    try:
        model = version.model(request.model_spec.signature_name or DEFAULT_SIGNATURE)
    except SignatureUnavailable:
        return False
    model.run(read_inputs(request, model))
    return True

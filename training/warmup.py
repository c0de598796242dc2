"""Warm-up records: requests that TensorFlow Serving answers to itself before a version is served.

Source: tensorflow/serving `g3doc/saved_model_warmup.md`: a TFRecord of PredictionLog, at most 1000
records.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from earshot.serving.api import DEFAULT_SIGNATURE
from earshot.serving.tensor import encode
from earshot.serving.v1.predict_pb2 import ModelSpec, PredictRequest
from earshot.serving.v1.prediction_log_pb2 import PredictionLog, PredictLog
from training.frame_level.frames import FEATURE_SIZE
from training.tfrecord_writer import write_records

WARMUP_FILE = Path("assets.extra") / "tf_serving_warmup_requests"
# Segments and frames of each: a lone window, the first patch of a session, a full batch.
SHAPES = ((1, 10), (1, 1), (16, 10))
_SEED = 1


def write_warmup_requests(directory: Path) -> None:
    """Writes `WARMUP_FILE`, the same bytes each time, into a bundle.

    Args:
        directory: The bundle, or where it is in the making: ``<name>/<version>``.

    Raises:
        OSError: It cannot be written.
    """
    rng = np.random.default_rng(_SEED)
    logs = [_log(directory.parent.name, *shape, rng) for shape in SHAPES]
    path = directory / WARMUP_FILE
    path.parent.mkdir(exist_ok=True)
    write_records(path, (log.SerializeToString(deterministic=True) for log in logs))


def _log(name: str, num_rows: int, num_frames: int, rng: np.random.Generator) -> PredictionLog:
    request = PredictRequest(model_spec=ModelSpec(name=name, signature_name=DEFAULT_SIGNATURE))
    codes = rng.integers(0, 256, (num_rows, num_frames, FEATURE_SIZE), dtype=np.uint8)
    request.inputs["embeddings"].CopyFrom(encode(codes))
    request.inputs["num_frames"].CopyFrom(encode(np.full(num_rows, num_frames, np.int32)))
    return PredictionLog(predict_log=PredictLog(request=request))

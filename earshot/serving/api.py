"""Names and limits of TensorFlow Serving's gRPC API, for both ends of a call.

Source: tensorflow_serving/apis/{prediction_service,model_service}.proto and
tensorflow_serving/servables/tensorflow/get_model_metadata_impl.cc.
"""

from __future__ import annotations

from enum import StrEnum

PREDICTION_SERVICE = "tensorflow.serving.PredictionService"
MODEL_SERVICE = "tensorflow.serving.ModelService"
PREDICT = "Predict"
GET_MODEL_METADATA = "GetModelMetadata"
GET_MODEL_STATUS = "GetModelStatus"
RELOAD_CONFIG = "HandleReloadConfigRequest"

DEFAULT_SIGNATURE = "serving_default"
SIGNATURE_DEF_FIELD = "signature_def"
SIGNATURE_DEF_TYPE_URL = "type.googleapis.com/tensorflow.serving.SignatureDefMap"

# Of one message and of one tensor. gRPC's own limit of 4 MB for what is received would stop patch
# scores of an hour (3750 x 527 float32 = 7.9 MB).
MAX_MESSAGE_BYTES = 64 * 1024 * 1024
MESSAGE_OPTIONS = (
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
)


class ModelState(StrEnum):
    """The life of one version of a model."""

    UNKNOWN = "UNKNOWN"
    START = "START"
    LOADING = "LOADING"
    AVAILABLE = "AVAILABLE"
    UNLOADING = "UNLOADING"
    END = "END"

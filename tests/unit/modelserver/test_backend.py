import pytest

from earshot.serving.v1 import predict_pb2 as pb
from services.modelserver.backend import SavedModel
from services.modelserver.errors import LoadError, ModelRejected


def test_load_error_when_no_message_can_carry_a_tensor_of_the_signature(tmp_path):
    """TensorFlow beside us could not answer either, so this is no rejection."""
    int8 = pb.TensorInfo(dtype=6)
    signature = pb.SignatureDef(inputs={"x": int8}, outputs={"y": int8})
    with pytest.raises(LoadError, match="tensor type 6 is not supported") as refused:
        SavedModel.load(tmp_path, {"serving_default": signature})
    assert not isinstance(refused.value, ModelRejected)

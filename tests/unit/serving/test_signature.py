import numpy as np
import pytest

from earshot.serving.errors import BadTensor
from earshot.serving.signature import TensorSpec, read_signature
from earshot.serving.v1 import predict_pb2 as pb

UINT8 = TensorSpec(np.dtype(np.uint8), (None, None, 128))


def info(data_type: int, sizes: list[int]) -> pb.TensorInfo:
    dims = [pb.TensorShapeProto.Dim(size=size) for size in sizes]
    return pb.TensorInfo(dtype=data_type, tensor_shape=pb.TensorShapeProto(dim=dims))


def test_open_dimensions_are_none_when_a_signature_is_read():
    definition = pb.SignatureDef(
        inputs={"embeddings": info(pb.DT_UINT8, [-1, -1, 128])},
        outputs={"scores": info(pb.DT_FLOAT, [-1, 527])},
    )
    signature = read_signature(definition)
    assert signature.inputs == {"embeddings": UINT8}
    assert signature.outputs == {"scores": TensorSpec(np.dtype(np.float32), (None, 527))}


def test_shape_is_none_when_even_the_rank_is_open():
    open_shape = pb.TensorShapeProto(unknown_rank=True)
    definition = pb.SignatureDef(
        inputs={"x": pb.TensorInfo(dtype=pb.DT_FLOAT, tensor_shape=open_shape)}
    )
    spec = read_signature(definition).inputs["x"]
    assert spec.shape is None
    assert spec.accepts(np.zeros((1, 2, 3), np.float32))
    assert str(spec) == "float32 of any shape"


def test_bad_tensor_when_a_type_is_not_supported():
    with pytest.raises(BadTensor, match="type 8"):
        read_signature(pb.SignatureDef(inputs={"x": info(8, [1])}))


@pytest.mark.parametrize(
    ("dtype", "shape", "fits"),
    [
        (np.uint8, (0, 0, 128), True),
        (np.uint8, (3, 10, 128), True),
        (np.float32, (3, 10, 128), False),
        (np.uint8, (3, 10, 64), False),
        (np.uint8, (10, 128), False),
        (np.uint8, (1, 3, 10, 128), False),
    ],
)
def test_array_is_accepted_when_type_and_shape_fit(dtype, shape, fits):
    assert UINT8.accepts(np.zeros(shape, dtype)) is fits


def test_spec_reads_as_type_and_shape_when_shown():
    assert str(UINT8) == "uint8 [?, ?, 128]"
    assert str(TensorSpec(np.dtype("O"), (None,))) == "string [?]"

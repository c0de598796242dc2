import contextlib
import math

import numpy as np
import pytest
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from earshot.serving.errors import BadTensor
from earshot.serving.tensor import decode, encode, encode_content
from earshot.serving.v1 import predict_pb2 as pb

DTYPES = ["<f2", "<f4", "<f8", ">f4", "<i4", ">i4", "<i8", "u1", "?"]
SHAPES = hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5)
ARRAYS = st.sampled_from(DTYPES).flatmap(lambda dtype: hnp.arrays(dtype, SHAPES))


def typed(data_type: pb.DataType, shape: list[int], **values: list[object]) -> pb.TensorProto:
    dims = [pb.TensorShapeProto.Dim(size=size) for size in shape]
    return pb.TensorProto(dtype=data_type, tensor_shape=pb.TensorShapeProto(dim=dims), **values)


@given(ARRAYS)
def test_array_comes_back_unchanged_when_encoded_and_decoded(array):
    for tensor in (encode(array), encode_content(array)):
        decoded = decode(tensor)
        assert decoded.dtype == array.dtype.newbyteorder("<")
        assert decoded.shape == array.shape
        np.testing.assert_array_equal(decoded, array)


@given(ARRAYS)
def test_array_comes_back_unchanged_when_its_memory_has_another_order(array):
    np.testing.assert_array_equal(decode(encode(array.T)), array.T)


@given(hnp.arrays(np.dtype("O"), SHAPES, elements=st.binary(max_size=5)))
def test_byte_strings_come_back_unchanged_when_encoded_and_decoded(array):
    decoded = decode(encode(array))
    assert decoded.shape == array.shape
    assert decoded.ravel().tolist() == array.ravel().tolist()


def test_text_becomes_utf_8_when_encoded():
    assert decode(encode(np.array(["a", "ü"]))).tolist() == [b"a", "ü".encode()]


def test_numbers_are_raw_bytes_when_there_are_several():
    tensor = encode(np.array([1, 2], np.int32))
    assert tensor.tensor_content == b"\1\0\0\0\2\0\0\0"
    assert not tensor.int_val


def test_number_is_in_the_typed_list_when_it_is_alone():
    tensor = encode(np.array([7], np.int32))
    assert list(tensor.int_val) == [7]
    assert not tensor.tensor_content


@pytest.mark.parametrize(
    ("data_type", "field", "value", "expected"),
    [
        (pb.DT_FLOAT, "float_val", 0.5, np.float32(0.5)),
        (pb.DT_DOUBLE, "double_val", 0.1, np.float64(0.1)),
        (pb.DT_INT32, "int_val", -3, np.int32(-3)),
        (pb.DT_UINT8, "int_val", 255, np.uint8(255)),
        (pb.DT_INT64, "int64_val", 2**40, np.int64(2**40)),
        (pb.DT_BOOL, "bool_val", True, np.bool_(True)),
        (pb.DT_HALF, "half_val", 0x3800, np.float16(0.5)),
        (pb.DT_STRING, "string_val", b"dog", b"dog"),
    ],
)
def test_last_value_repeats_when_the_typed_list_is_shorter_than_the_shape(
    data_type, field, value, expected
):
    decoded = decode(typed(data_type, [2, 3], **{field: [value]}))
    assert decoded.shape == (2, 3)
    assert all(each == expected for each in decoded.ravel())


def test_values_come_first_and_the_last_repeats_when_some_are_given():
    decoded = decode(typed(pb.DT_FLOAT, [5], float_val=[1.0, 2.0]))
    assert decoded.tolist() == [1.0, 2.0, 2.0, 2.0, 2.0]


def test_values_are_zero_when_nothing_is_given():
    assert decode(typed(pb.DT_INT64, [2, 2])).tolist() == [[0, 0], [0, 0]]
    assert decode(typed(pb.DT_STRING, [2])).tolist() == [b"", b""]


def test_scalar_has_no_dimensions_when_decoded():
    assert decode(typed(pb.DT_FLOAT, [], float_val=[2.5])).shape == ()


@pytest.mark.parametrize(
    ("tensor", "sentence"),
    [
        (pb.TensorProto(dtype=pb.DT_FLOAT, tensor_content=b"123"), "has 3 bytes.*needs 4"),
        (typed(pb.DT_FLOAT, [1], float_val=[1.0, 2.0]), "float_val has 2 values.*needs 1"),
        (typed(pb.DT_UINT8, [1], int_val=[256]), "int_val holds values outside uint8"),
        (typed(pb.DT_UINT8, [1], int_val=[-1]), "int_val holds values outside uint8"),
        (typed(pb.DT_HALF, [1], half_val=[65536]), "half_val holds values outside float16"),
        (typed(pb.DT_FLOAT, [-1]), "known shape"),
        (typed(pb.DT_FLOAT, [1] * 33), "at most 32 dimensions"),
        (typed(pb.DT_FLOAT, [1 << 40], float_val=[0.0]), "larger than 67108864 bytes"),
        (typed(pb.DT_INVALID, [1]), "type 0 is not supported; supported are DT_FLOAT"),
        (pb.TensorProto(dtype=5), "type 5 is not supported"),
        (pb.TensorProto(dtype=pb.DT_STRING, tensor_content=b"1"), "string_val"),
        (
            pb.TensorProto(dtype=pb.DT_FLOAT, tensor_shape=pb.TensorShapeProto(unknown_rank=True)),
            "known shape",
        ),
    ],
)
def test_bad_tensor_says_why_when_parts_do_not_fit(tensor, sentence):
    with pytest.raises(BadTensor, match=sentence):
        decode(tensor)


def test_strings_are_bounded_with_every_repetition_of_the_last():
    strings = [b"", bytes(1 << 16)]
    assert decode(typed(pb.DT_STRING, [1025], string_val=strings)).shape == (1025,)  # 64 MiB
    with pytest.raises(BadTensor, match="strings of 67174400 bytes are more than 67108864"):
        decode(typed(pb.DT_STRING, [1026], string_val=strings))


@given(st.binary(max_size=64))
def test_foreign_bytes_give_an_array_or_bad_tensor_when_decoded(content):
    tensor = pb.TensorProto()
    with contextlib.suppress(DecodeError, BadTensor):
        tensor.ParseFromString(content)
        assert math.prod(decode(tensor).shape) >= 0


@pytest.mark.parametrize("array", [np.array([1j]), np.array([1], np.int16), np.array([None])])
def test_bad_tensor_when_the_dtype_is_not_supported(array):
    with pytest.raises(BadTensor):
        encode(array)


def test_bad_tensor_when_strings_are_to_be_raw_bytes():
    with pytest.raises(BadTensor, match="no tensor_content form"):
        encode_content(np.array(["a"]))

"""numpy arrays to and from TensorProto.

Both ways of writing values are read: raw bytes (`tensor_content`) and the list of the type
(`float_val`, ...), which is what TensorFlow Serving answers with unless told otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earshot.serving.api import MAX_MESSAGE_BYTES
from earshot.serving.data_type import STRING, Encoding, encoding_for, encoding_of
from earshot.serving.errors import BadTensor
from earshot.serving.v1 import predict_pb2 as pb

_MAX_DIMENSIONS = 32


def encode(array: NDArray[Any]) -> pb.TensorProto:
    """Writes an array byte for byte as `tf.make_tensor_proto` does.

    That is `tensor_content` for two or more numbers, the typed list for one number, for bool and
    for strings.

    Args:
        array: float16/32/64, int32/64, uint8, bool, or bytes/str (dtype S, U or object); any shape
            and byte order.

    Raises:
        BadTensor: Another dtype, or an object that is neither bytes nor str.
    """
    if array.size > 1 and encoding_of(array).has_content:
        return encode_content(array)
    encoding = encoding_of(array)
    tensor = _header(array, encoding)
    getattr(tensor, encoding.field).extend(_values(array, encoding))
    return tensor


def encode_content(array: NDArray[Any]) -> pb.TensorProto:
    """Writes numbers or bool as `tensor_content`, whatever their count.

    Raises:
        BadTensor: An unsupported dtype; strings, which have no content form, among them.
    """
    encoding = encoding_of(array)
    if encoding is STRING:
        raise BadTensor("strings have no tensor_content form")
    tensor = _header(array, encoding)
    tensor.tensor_content = array.astype(encoding.dtype, copy=False).tobytes()
    return tensor


def decode(tensor: pb.TensorProto) -> NDArray[Any]:
    """Reads a tensor; the array is read-only when the values are in `tensor_content`.

    A typed list shorter than the shape repeats its last value; an empty one means zeros (or empty
    strings).

    Returns:
        The array; strings as bytes in an object array.

    Raises:
        BadTensor: Unknown type, unknown or negative shape, more than 64 MiB (of strings, all they
            hold, each repetition counted), or values that do not fit the type or the shape.
    """
    encoding = encoding_for(tensor.dtype)
    shape = _shape(tensor)
    num_values = math.prod(shape)
    if num_values * encoding.dtype.itemsize > MAX_MESSAGE_BYTES:
        raise BadTensor(f"tensor of shape {list(shape)} is larger than {MAX_MESSAGE_BYTES} bytes")
    if tensor.tensor_content:
        return _from_content(tensor.tensor_content, encoding, num_values).reshape(shape)
    return _from_list(getattr(tensor, encoding.field), encoding, num_values).reshape(shape)


def _header(array: NDArray[Any], encoding: Encoding) -> pb.TensorProto:
    shape = pb.TensorShapeProto(dim=[pb.TensorShapeProto.Dim(size=size) for size in array.shape])
    return pb.TensorProto(dtype=encoding.data_type, tensor_shape=shape)


def _values(array: NDArray[Any], encoding: Encoding) -> list[Any]:
    """The values, row-major, as the typed list wants them."""
    if encoding is STRING:
        return [_to_bytes(value) for value in array.ravel().tolist()]
    if encoding.data_type == pb.DT_HALF:
        array = array.astype(np.float16).ravel().view(np.uint16)
    return array.ravel().tolist()


def _to_bytes(value: object) -> bytes:
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, bytes):
        return value
    raise BadTensor(f"a string tensor holds bytes or str, given {type(value).__name__}")


def _shape(tensor: pb.TensorProto) -> tuple[int, ...]:
    shape = tuple(dim.size for dim in tensor.tensor_shape.dim)
    if tensor.tensor_shape.unknown_rank or any(size < 0 for size in shape):
        raise BadTensor("a tensor with values must have a known shape")
    if len(shape) > _MAX_DIMENSIONS:
        raise BadTensor(f"a tensor has at most {_MAX_DIMENSIONS} dimensions, given {len(shape)}")
    return shape


def _from_content(content: bytes, encoding: Encoding, num_values: int) -> NDArray[Any]:
    if encoding is STRING:
        raise BadTensor("strings are read from string_val, not from tensor_content")
    needed_bytes = num_values * encoding.dtype.itemsize
    if len(content) != needed_bytes:
        raise BadTensor(f"tensor_content has {len(content)} bytes, the shape needs {needed_bytes}")
    return np.frombuffer(content, encoding.dtype)


def _from_list(values: Sequence[Any], encoding: Encoding, num_values: int) -> NDArray[Any]:
    if len(values) > num_values:
        raise BadTensor(f"{encoding.field} has {len(values)} values, the shape needs {num_values}")
    if not values:
        return np.full(num_values, b"" if encoding is STRING else 0, encoding.dtype)
    if encoding is STRING:
        _check_strings(values, num_values)
    given = _to_array(values, encoding)
    array = np.empty(num_values, encoding.dtype)
    array[: len(given)] = given
    array[len(given) :] = given[-1]
    return array


def _check_strings(values: Sequence[bytes], num_values: int) -> None:
    """One long string for a large shape would be copied as often as it stands there."""
    num_bytes = sum(map(len, values)) + (num_values - len(values)) * len(values[-1])
    if num_bytes > MAX_MESSAGE_BYTES:
        raise BadTensor(f"strings of {num_bytes} bytes are more than {MAX_MESSAGE_BYTES} bytes")


def _to_array(values: Sequence[Any], encoding: Encoding) -> NDArray[Any]:
    is_half = encoding.data_type == pb.DT_HALF
    bits = np.dtype(np.uint16) if is_half else encoding.dtype
    if bits.kind != "u":
        return np.array(values, bits)
    # The list's own type is int32: wider than the values may be, and numpy would wrap them.
    wide = np.array(values, np.int32)
    if wide.min() < 0 or wide.max() > np.iinfo(bits).max:
        raise BadTensor(f"{encoding.field} holds values outside {encoding.dtype.name}")
    narrow = wide.astype(bits)
    return narrow.view(encoding.dtype) if is_half else narrow

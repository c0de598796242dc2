"""The element types of tensors: TensorFlow's number, numpy's type, the field of the typed list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earshot.serving.errors import BadTensor
from earshot.serving.v1 import predict_pb2 as pb


@dataclass(frozen=True, slots=True)
class Encoding:
    """How values of one type are written.

    Attributes:
        data_type: tensorflow.DataType.
        dtype: Little-endian numpy type; object for strings, which are bytes.
        field: The list of TensorProto that holds such values one by one.
        has_content: Whether `tf.make_tensor_proto` writes several of them as raw bytes.
    """

    data_type: pb.DataType
    dtype: np.dtype[Any]
    field: str
    has_content: bool = True


# Source: tensorflow/core/framework/{types,tensor}.proto; for `has_content`
# tensorflow/python/framework/tensor_util.py, _TENSOR_CONTENT_TYPES (2.21).
STRING = Encoding(pb.DT_STRING, np.dtype("O"), "string_val", has_content=False)
_ENCODINGS = (
    Encoding(pb.DT_FLOAT, np.dtype("<f4"), "float_val"),
    Encoding(pb.DT_DOUBLE, np.dtype("<f8"), "double_val"),
    Encoding(pb.DT_INT32, np.dtype("<i4"), "int_val"),
    Encoding(pb.DT_UINT8, np.dtype("u1"), "int_val"),
    Encoding(pb.DT_INT64, np.dtype("<i8"), "int64_val"),
    Encoding(pb.DT_BOOL, np.dtype("?"), "bool_val", has_content=False),
    Encoding(pb.DT_HALF, np.dtype("<f2"), "half_val"),
    STRING,
)
_BY_DATA_TYPE = {int(encoding.data_type): encoding for encoding in _ENCODINGS}
_BY_KIND = {(e.dtype.kind, e.dtype.itemsize): e for e in _ENCODINGS}
_SUPPORTED = ", ".join(pb.DataType.Name(encoding.data_type) for encoding in _ENCODINGS)


def encoding_of(array: NDArray[Any]) -> Encoding:
    """How an array's values are written; its byte order does not matter.

    Raises:
        BadTensor: The dtype is none of those supported.
    """
    encoding = STRING if array.dtype.kind in "SU" else None
    encoding = encoding or _BY_KIND.get((array.dtype.kind, array.dtype.itemsize))
    if encoding is None:
        raise BadTensor(f"dtype {array.dtype} is not supported; supported are {_SUPPORTED}")
    return encoding


def encoding_for(data_type: int) -> Encoding:
    """How values of a tensorflow.DataType are written.

    Raises:
        BadTensor: The type is none of those supported.
    """
    encoding = _BY_DATA_TYPE.get(data_type)
    if encoding is None:
        raise BadTensor(f"tensor type {data_type} is not supported; supported are {_SUPPORTED}")
    return encoding

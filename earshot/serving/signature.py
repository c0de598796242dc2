"""What a model takes and gives: names, element types and shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earshot.serving.data_type import encoding_for
from earshot.serving.v1 import predict_pb2 as pb


@dataclass(frozen=True, slots=True)
class TensorSpec:
    """Element type and shape of one tensor.

    Attributes:
        dtype: numpy's; object for strings.
        shape: One entry per dimension, None where any size is allowed; None as a whole when even
            the number of dimensions is open.
    """

    dtype: np.dtype[Any]
    shape: tuple[int | None, ...] | None

    def accepts(self, array: NDArray[Any]) -> bool:
        """Whether an array has this type and fits this shape."""
        if array.dtype != self.dtype:
            return False
        if self.shape is None:
            return True
        return len(array.shape) == len(self.shape) and all(
            wanted in (None, given) for wanted, given in zip(self.shape, array.shape, strict=True)
        )

    def __str__(self) -> str:
        return describe(self.dtype, self.shape)


@dataclass(frozen=True, slots=True)
class Signature:
    """The inputs and outputs of one way to call a model, by name."""

    inputs: Mapping[str, TensorSpec]
    outputs: Mapping[str, TensorSpec]


def describe(dtype: np.dtype[Any], shape: tuple[int | None, ...] | None) -> str:
    """Type and shape as people read them: `uint8 [?, ?, 128]`."""
    name = "string" if dtype.kind == "O" else dtype.name
    if shape is None:
        return f"{name} of any shape"
    return f"{name} [{', '.join('?' if size is None else str(size) for size in shape)}]"


def read_signature(signature_def: pb.SignatureDef) -> Signature:
    """Reads a SignatureDef as a server or a SavedModel gives it.

    Raises:
        BadTensor: A tensor of a type that is not supported.
    """
    return Signature(
        inputs={name: _read_spec(info) for name, info in sorted(signature_def.inputs.items())},
        outputs={name: _read_spec(info) for name, info in sorted(signature_def.outputs.items())},
    )


def _read_spec(info: pb.TensorInfo) -> TensorSpec:
    dtype = encoding_for(info.dtype).dtype
    if info.tensor_shape.unknown_rank:
        return TensorSpec(dtype, None)
    sizes = (dim.size for dim in info.tensor_shape.dim)
    return TensorSpec(dtype, tuple(None if size < 0 else size for size in sizes))

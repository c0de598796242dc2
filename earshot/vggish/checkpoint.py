"""Checkpoints of TensorFlow 1 in the V1 format, one file, read without TensorFlow.

The file is a table (see `earshot.vggish.table`). The record with the empty key lists the variables
and the slices each was saved in; every other record holds the values of one slice. The keys encode
name and slice once more and are not needed. Source: tensorflow
`core/util/tensor_slice_writer.{h,cc}`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import prod

import numpy as np
from google.protobuf.message import DecodeError
from numpy.typing import NDArray

from earshot.vggish.errors import DamagedCheckpoint, WrongCheckpoint
from earshot.vggish.table import Record, read_table
from earshot.vggish.v1 import checkpoint_pb2 as pb

_FLOAT = 1  # tensorflow.DataType.DT_FLOAT


@dataclass(frozen=True, slots=True)
class Variable:
    """What the table of contents says of a variable.

    Attributes:
        shape: Sizes; () for a single value.
        is_float: Whether its values are float32, the only type that is read.
    """

    shape: tuple[int, ...]
    is_float: bool


class Checkpoint:
    """The content of a checkpoint: what is in it is known at once, values are read on request.

    Args:
        content: The whole file.

    Attributes:
        variables: All of them by name.

    Raises:
        DamagedCheckpoint: It does not begin with a table of contents.
    """

    def __init__(self, content: memoryview) -> None:
        self._content = content
        self.variables: dict[str, Variable] = {}
        first = next(read_table(content), None)
        tensors = _parse(first).meta.tensor if first and not first.key else []
        if not tensors:
            raise DamagedCheckpoint(
                "byte 0: no table of contents of a TensorFlow V1 checkpoint; "
                "V2, with .index and .data files, is another format"
            )
        for tensor in tensors:
            shape = tuple(dim.size for dim in tensor.shape.dim)
            self.variables[tensor.name] = Variable(shape, tensor.type == _FLOAT)

    def read(
        self, shapes: Mapping[str, tuple[int, ...]], on_progress: Callable[[float], None]
    ) -> dict[str, NDArray[np.float32]]:
        """Returns the values of variables, putting slices together; every block is checked.

        Args:
            shapes: The variables wanted, with the shapes they must have.
            on_progress: Told the share, 0 to 1, of the file that is done.

        Raises:
            WrongCheckpoint: Variables are missing, or of another shape or type; all are named.
            DamagedCheckpoint: A block is damaged, or a slice does not fit its variable.
        """
        self._check(shapes)
        arrays: dict[str, NDArray[np.float32]] = {}
        missing = {name: prod(shape) for name, shape in shapes.items()}
        for record in self._slices():
            saved = _parse(record).data
            if saved.name in shapes:
                num_values = _add(arrays, saved, shapes[saved.name], record.offset_bytes)
                missing[saved.name] -= num_values
            on_progress((record.offset_bytes + len(record.value)) / len(self._content))
        if incomplete := [name for name, count in missing.items() if count]:
            raise DamagedCheckpoint(f"not all values of {', '.join(incomplete)} are in the file")
        return arrays

    def _slices(self) -> Iterator[Record]:
        return (record for record in read_table(self._content) if record.key)

    def _check(self, shapes: Mapping[str, tuple[int, ...]]) -> None:
        problems = []
        for name, shape in shapes.items():
            variable = self.variables.get(name)
            if variable is None:
                problems.append(f"{name} is missing")
            elif variable.shape != shape:
                problems.append(f"{name} is {_sizes(variable.shape)} instead of {_sizes(shape)}")
            elif not variable.is_float:
                problems.append(f"{name} is not float32")
        if problems:
            raise WrongCheckpoint("; ".join(problems))


def _parse(record: Record) -> pb.SavedTensorSlices:
    try:
        return pb.SavedTensorSlices.FromString(bytes(record.value))
    except DecodeError:
        raise DamagedCheckpoint(f"byte {record.offset_bytes}: not a message of slices") from None


def _add(
    arrays: dict[str, NDArray[np.float32]],
    saved: pb.SavedSlice,
    shape: tuple[int, ...],
    offset_bytes: int,
) -> int:
    """Puts a slice in its place and returns how many values it has.

    A variable that was saved whole is taken without a copy, read-only.
    """
    place = _place(saved.slice, shape)
    packed = saved.data.float_val_packed
    values = saved.data.tensor_content or (packed[0] if len(packed) == 1 else b"".join(packed))
    sizes = tuple(part.stop - part.start for part in place or ())
    if place is None or len(values) != 4 * prod(sizes):
        raise DamagedCheckpoint(
            f"byte {offset_bytes}: {len(values)} bytes that are no slice of {saved.name}, "
            f"{_sizes(shape)}"
        )
    array = np.frombuffer(values, "<f4").reshape(sizes)
    if sizes == shape:
        arrays[saved.name] = array
    else:
        arrays.setdefault(saved.name, np.zeros(shape, np.float32))[place] = array
    return array.size


def _place(saved: pb.TensorSliceProto, shape: tuple[int, ...]) -> tuple[slice, ...] | None:
    """Where a slice belongs; None when that is not within the variable."""
    if len(saved.extent) != len(shape):
        return None
    ends = [
        extent.start + extent.length if extent.HasField("length") else size
        for extent, size in zip(saved.extent, shape, strict=True)
    ]
    place = tuple(slice(extent.start, end) for extent, end in zip(saved.extent, ends, strict=True))
    is_inside = all(
        0 <= part.start <= part.stop <= size for part, size in zip(place, shape, strict=True)
    )
    return place if is_inside else None


def _sizes(shape: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, shape))}]"

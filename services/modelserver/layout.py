"""How requests are put together into one batch, and the outputs taken apart again."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earshot.serving.signature import Signature, TensorSpec
from services.modelserver.errors import InferenceFailed
from services.modelserver.inputs import EMBEDDINGS, NUM_FRAMES
from services.modelserver.model import Tensors


class Layout:
    """What may be joined, for one signature.

    Requests are joined along dimension 0. A model with the inputs `embeddings` [N, T, ...] and
    `num_frames` [N] masks what lies beyond `num_frames`, so its requests may differ in T: they are
    padded with zeros to the longest, and outputs with an open dimension 1 are cut back to each
    request's own T. Any other model gets requests of equal shapes only. Where an input or output
    has a fixed dimension 0, or none, nothing is joined.

    Args:
        signature: Of the model.
    """

    def __init__(self, signature: Signature) -> None:
        specs = [*signature.inputs.values(), *signature.outputs.values()]
        self._can_join = bool(signature.inputs) and all(_is_open(spec, 0) for spec in specs)
        self._is_masked = (
            NUM_FRAMES in signature.inputs
            and EMBEDDINGS in signature.inputs
            and _is_open(signature.inputs[EMBEDDINGS], 1)
        )
        self._per_frame = {name for name, spec in signature.outputs.items() if _is_open(spec, 1)}

    def num_rows(self, inputs: Tensors) -> int:
        """Rows that a request adds to a batch; 1 when it is computed alone."""
        return int(next(iter(inputs.values())).shape[0]) if self._can_join else 1

    def key(self, inputs: Tensors) -> Hashable:
        """Requests with equal keys may be joined; None joins with nothing."""
        if not self._can_join:
            return None
        return tuple((name, self._row_shape(name, inputs[name])) for name in sorted(inputs))

    def join(self, requests: Sequence[Tensors]) -> Tensors:
        """One set of inputs, the rows of all requests one after the other.

        Args:
            requests: At least one, all of the same key.
        """
        if len(requests) == 1:
            return requests[0]
        names = requests[0].keys()
        return {name: self._concatenate(name, [each[name] for each in requests]) for name in names}

    def split(self, outputs: Tensors, requests: Sequence[Tensors]) -> list[Tensors]:
        """The outputs of each request, in order; the inverse of `join`.

        Raises:
            InferenceFailed: An output has another number of rows than the inputs, so that nobody
                knows which are whose; each request has to be computed alone.
        """
        if len(requests) == 1:
            return [outputs]
        ends = np.cumsum([self.num_rows(inputs) for inputs in requests]).tolist()
        for name, array in outputs.items():
            if len(array) != ends[-1]:
                raise InferenceFailed(f"output {name}: {len(array)} rows for {ends[-1]} rows")
        starts = [0, *ends[:-1]]
        return [
            {name: self._cut(name, array[start:end], inputs) for name, array in outputs.items()}
            for inputs, start, end in zip(requests, starts, ends, strict=True)
        ]

    def _row_shape(self, name: str, array: NDArray[Any]) -> tuple[int, ...]:
        return array.shape[2:] if self._is_padded(name) else array.shape[1:]

    def _is_padded(self, name: str) -> bool:
        return self._is_masked and name == EMBEDDINGS

    def _concatenate(self, name: str, arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
        if self._is_padded(name):
            longest = max(array.shape[1] for array in arrays)
            arrays = [_pad(array, longest) for array in arrays]
        return np.concatenate(arrays)

    def _cut(self, name: str, rows: NDArray[Any], inputs: Tensors) -> NDArray[Any]:
        if self._is_masked and name in self._per_frame:
            return rows[:, : inputs[EMBEDDINGS].shape[1]]
        return rows


def _is_open(spec: TensorSpec, dimension: int) -> bool:
    shape = spec.shape
    return shape is not None and len(shape) > dimension and shape[dimension] is None


def _pad(array: NDArray[Any], num_frames: int) -> NDArray[Any]:
    """Zeros after the last frame, up to `num_frames`."""
    missing = num_frames - array.shape[1]
    if not missing:
        return array
    return np.pad(array, [(0, 0), (0, missing)] + [(0, 0)] * (array.ndim - 2))

"""Checks that a request fits a signature; refuses it in TensorFlow Serving's words.

Source of the wording: tensorflow_serving/servables/tensorflow/predict_util.cc (names) and
batching_session.cc (rows). TensorFlow words type and shape differently for every graph; here both
are named.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earshot.serving.signature import Signature, TensorSpec, describe
from services.modelserver.errors import InvalidInput
from services.modelserver.model import Tensors

# The contract of frame-level models: of the T frames of a row, the first `num_frames` count.
EMBEDDINGS = "embeddings"
NUM_FRAMES = "num_frames"


def has_strings(signature: Signature) -> bool:
    """Whether an input or an output is made of strings."""
    specs = [*signature.inputs.values(), *signature.outputs.values()]
    return any(spec.dtype.kind == "O" for spec in specs)


def smallest_inputs(signature: Signature) -> dict[str, NDArray[Any]]:
    """Zeros, or empty strings, for each input; every open dimension is 1."""
    return {name: _zeros(spec) for name, spec in signature.inputs.items()}


def check_names(names: Iterable[str], signature: Signature) -> None:
    """Checks that a request brings every input and no other.

    Raises:
        InvalidInput: Names what is missing or not known.
    """
    sent, known = set(names), set(signature.inputs)
    if len(sent) != len(known):
        raise InvalidInput(
            f"input size does not match signature: {len(sent)}!={len(known)} "
            f"len({_set(sent)}) != len({_set(known)}). Sent extra: {_set(sent - known)}. "
            f"Missing but required: {_set(known - sent)}."
        )
    for name in sorted(sent - known):
        raise InvalidInput(
            f"input tensor alias not found in signature: {name}. "
            f"Inputs expected to be in the set {_set(known)}."
        )


def check_output_filter(names: Iterable[str], signature: Signature) -> None:
    """Checks that the outputs asked for exist, each asked for once.

    Raises:
        InvalidInput: Names the first that is wrong.
    """
    seen = set()
    for name in names:
        if name not in signature.outputs:
            raise InvalidInput(
                f"output tensor alias not found in signature: {name} "
                f"Outputs expected to be in the set {_set(signature.outputs)}."
            )
        if name in seen:
            raise InvalidInput(f"duplicate output tensor alias: {name}")
        seen.add(name)


def check_inputs(inputs: Tensors, signature: Signature) -> None:
    """Checks names, types, shapes, equal numbers of rows, and that `num_frames` are within T.

    Raises:
        InvalidInput: Names the tensor, what is expected and what was given.
    """
    check_names(inputs, signature)
    for name, spec in signature.inputs.items():
        if not spec.accepts(inputs[name]):
            given = describe(inputs[name].dtype, inputs[name].shape)
            raise InvalidInput(f'input tensor "{name}": expected {spec}, given {given}')
    _check_rows(inputs, signature)
    _check_num_frames(inputs)


def _check_rows(inputs: Tensors, signature: Signature) -> None:
    rows = {
        name: inputs[name].shape[0]
        for name, spec in signature.inputs.items()
        if spec.shape and spec.shape[0] is None
    }
    if len(set(rows.values())) > 1:
        given = ", ".join(f'"{name}" has {size}' for name, size in rows.items())
        raise InvalidInput(f"input tensors must have equal 0th-dimension size: {given}")


def _check_num_frames(inputs: Tensors) -> None:
    """A count beyond T would let the padding of a batch into the scores."""
    if NUM_FRAMES not in inputs or EMBEDDINGS not in inputs or inputs[EMBEDDINGS].ndim < 2:
        return
    counts, longest = inputs[NUM_FRAMES], inputs[EMBEDDINGS].shape[1]
    if counts.size and not (counts.min() >= 0 and counts.max() <= longest):
        raise InvalidInput(
            f'input tensor "{NUM_FRAMES}": expected values from 0 to {longest}, the frames of '
            f'"{EMBEDDINGS}", given values from {counts.min()} to {counts.max()}'
        )


def _zeros(spec: TensorSpec) -> NDArray[Any]:
    shape = [1 if size is None else size for size in spec.shape or ()]
    return np.full(shape, b"" if spec.dtype.kind == "O" else 0, spec.dtype)


def _set(names: Iterable[str]) -> str:
    return "{" + ",".join(sorted(names)) + "}"

"""Tensors in the JSON of TensorFlow Serving's REST API, in row and in column form.

Source of both forms and of the wording: tensorflow_serving/util/json_tensor.cc. Where that names a
place in the JSON, the tensor is named here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earshot.serving.signature import Signature
from services.modelserver.errors import InvalidInput, OutputsUnwritable
from services.modelserver.inputs import check_inputs, check_names
from services.modelserver.json_strings import is_base64, read_string, write_strings
from services.modelserver.model import Tensors

_HALF_CHARACTER = re.compile("[\ud800-\udfff]")  # JSON may escape what no UTF-8 can write
_ROWS, _COLUMNS = "instances", "inputs"
_VALUES: dict[str, set[type]] = {
    "b": {bool},
    "i": {int},
    "u": {int},
    "f": {int, float},
    "O": {bytes},
}


def read_document(body: bytes) -> dict[str, Any]:
    """The JSON object of a request, which has either rows or columns.

    Raises:
        InvalidInput: It is none; says what is wrong.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"JSON Parse error: {error}") from None
    if not isinstance(document, dict):
        raise InvalidInput("JSON Value: Is not object")
    name = document.get("signature_name", "")
    if not isinstance(name, str) or _HALF_CHARACTER.search(name):
        raise InvalidInput("JSON Value: 'signature_name' key must be a string value")
    if _ROWS in document and _COLUMNS in document:
        raise InvalidInput(
            "JSON Value: Not formatted correctly expecting only one of 'inputs' or 'instances' keys"
        )
    if _ROWS not in document and _COLUMNS not in document:
        raise InvalidInput("Missing 'inputs' or 'instances' key")
    return document


def read_tensors(document: Mapping[str, Any], signature: Signature) -> Tensors:
    """The inputs of a request, which fit the signature.

    Raises:
        InvalidInput: They do not; names the tensor.
    """
    columns = _columns(document, signature)
    check_names(columns, signature)
    inputs = {name: _to_array(name, columns[name], signature) for name in signature.inputs}
    check_inputs(inputs, signature)
    return inputs


def write_tensors(document: Mapping[str, Any], outputs: Tensors) -> dict[str, Any]:
    """The answer, in the form of the request; a single output goes without its name.

    Raises:
        OutputsUnwritable: Rows are asked for, but the outputs have none, or different numbers of
            them; or strings are no text.
    """
    lists = {name: _to_lists(name, array) for name, array in outputs.items()}
    if _COLUMNS in document:
        return {"outputs": lists if len(lists) > 1 else next(iter(lists.values()))}
    _check_rows(outputs)
    if len(lists) == 1:
        return {"predictions": next(iter(lists.values()))}
    rows = zip(*lists.values(), strict=True)
    return {"predictions": [dict(zip(lists, row, strict=True)) for row in rows]}


def _check_rows(outputs: Tensors) -> None:
    num_rows: int | None = None
    for name, array in outputs.items():
        if array.ndim == 0:
            raise OutputsUnwritable(
                f"Tensor name: {name} has no shape information; ask with 'inputs'"
            )
        if num_rows not in (None, len(array)):
            raise OutputsUnwritable(
                f"Tensor name: {name} has inconsistent batch size: {len(array)} "
                f"expecting: {num_rows}; ask with 'inputs'"
            )
        num_rows = len(array)


def _columns(document: Mapping[str, Any], signature: Signature) -> Mapping[str, Any]:
    """One value or list for each input, by name."""
    if _ROWS in document:
        return _columns_of_rows(document[_ROWS], signature)
    columns = document[_COLUMNS]
    if isinstance(columns, dict) and not is_base64(columns):
        for name in sorted(signature.inputs.keys() - columns.keys()):
            raise InvalidInput(f"Missing named input: {name} in 'inputs' object.")
        return columns
    if len(signature.inputs) > 1:
        raise InvalidInput(
            "inputs is a plain value/list, but expecting an object as multiple "
            "input tensors required as per tensorinfo_map"
        )
    return dict.fromkeys(signature.inputs, columns)


def _columns_of_rows(rows: object, signature: Signature) -> Mapping[str, Any]:
    if not isinstance(rows, list):
        raise InvalidInput("JSON Value: Excepting 'instances' to be an list/array")
    if not rows:
        raise InvalidInput("JSON Value: No values in 'instances' array")
    if not any(isinstance(row, dict) and not is_base64(row) for row in rows):
        if len(signature.inputs) > 1:
            raise InvalidInput(
                "instances is a plain list, but expecting list of objects as multiple "
                "input tensors required as per tensorinfo_map"
            )
        return dict.fromkeys(signature.inputs, rows)
    for place, row in enumerate(rows):
        if not isinstance(row, dict) or row.keys() != signature.inputs.keys():
            raise InvalidInput(
                f"Failed to process element: {place} of 'instances' list. "
                f"JSON object: keys must be equal to: {','.join(sorted(signature.inputs))}"
            )
    return {name: [row[name] for row in rows] for name in signature.inputs}


def _to_lists(name: str, array: NDArray[Any]) -> Any:
    values = array.tolist()
    return write_strings(name, values) if array.dtype.kind == "O" else values


def _to_array(name: str, values: object, signature: Signature) -> NDArray[Any]:
    dtype = signature.inputs[name].dtype
    flat, shape = _flatten(name, values)
    if dtype.kind == "O":
        flat = [read_string(each) for each in flat]
    _check_types(name, flat, dtype)
    try:
        with np.errstate(over="raise"):
            return np.array(flat, dtype).reshape(shape)
    except (OverflowError, FloatingPointError):
        raise InvalidInput(f'input tensor "{name}": a value is too large for {dtype}') from None


def _check_types(name: str, flat: Sequence[object], dtype: np.dtype[Any]) -> None:
    wrong = set(map(type, flat)) - _VALUES.get(dtype.kind, set())
    if wrong:
        given = ", ".join(sorted(each.__name__ for each in wrong))
        expected = "string" if dtype.kind == "O" else dtype.name
        raise InvalidInput(f'input tensor "{name}": expected {expected} values, given {given}')


def _flatten(name: str, values: object) -> tuple[Sequence[object], list[int]]:
    """The values row-major, and the shape that the lists make."""
    flat: list[Any] = [values]
    shape: list[int] = []
    while flat and any(isinstance(each, list) for each in flat):
        lengths = {len(each) if isinstance(each, list) else None for each in flat}
        if len(lengths) > 1:
            raise InvalidInput(f'input tensor "{name}": lists of unequal length or depth')
        shape.append(len(flat[0]))
        flat = list(chain.from_iterable(flat))
    return flat, shape

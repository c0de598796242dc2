"""Strings in the JSON of TensorFlow Serving's REST API: text as it is, bytes as base64.

Source of the form and of the wording: tensorflow_serving/util/json_tensor.cc. A string comes in as
text, or as `{"b64": "..."}`; it goes out as base64 when the output's name ends in `_bytes`.
"""

from __future__ import annotations

import base64
from typing import Any

from services.modelserver.errors import InvalidInput, OutputsUnwritable

_BASE64 = "b64"
_BYTES_SUFFIX = "_bytes"


def is_base64(value: object) -> bool:
    """Whether a JSON value stands for bytes: an object with the one key `b64`, and text there."""
    return isinstance(value, dict) and value.keys() == {_BASE64} and isinstance(value[_BASE64], str)


def read_string(value: object) -> object:
    """The bytes that a JSON value stands for; the value itself where it stands for none.

    Raises:
        InvalidInput: It is no base64.
    """
    if isinstance(value, str):
        return value.encode("utf-8", "surrogatepass")
    if not isinstance(value, dict) or not is_base64(value):
        return value
    try:
        return base64.b64decode(value[_BASE64], validate=True)
    except ValueError:
        raise InvalidInput("Unable to base64 decode") from None


def write_strings(name: str, values: Any) -> Any:
    """What stands in JSON for the strings of an output.

    Args:
        name: Of the output.
        values: Bytes, or lists of them to any depth.

    Raises:
        OutputsUnwritable: They are no text, and the name does not promise bytes.
    """
    if isinstance(values, list):
        return [write_strings(name, each) for each in values]
    if name.endswith(_BYTES_SUFFIX):
        return {_BASE64: base64.b64encode(values).decode()}
    try:
        return values.decode()
    except UnicodeDecodeError:
        raise OutputsUnwritable(
            f'output tensor "{name}" holds bytes that are no UTF-8 and its name does not end in '
            f"{_BYTES_SUFFIX}: ask over gRPC"
        ) from None

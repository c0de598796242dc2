"""Checks the fields of a card: each is there and of the right type."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from earshot.embedding.errors import BadBundle


def check_fields(path: Path, prefix: str, fields: Any, required: Mapping[str, type]) -> None:
    """Returns when an object has all the fields that it must have.

    Args:
        path: The card, for messages.
        prefix: Where in the card the object is, e.g. ``files[0].``; empty for the whole.
        fields: What was read.
        required: Type of each field. A bool is no int.

    Raises:
        BadBundle: It is no object, or a field is missing or of another type.
    """
    if not isinstance(fields, dict):
        place = prefix.removesuffix(".") or "the card"
        raise BadBundle(f"{path}: {place} is {type(fields).__name__}; it must be an object")
    for key, expected in required.items():
        if key not in fields:
            raise BadBundle(
                f"{path}: field {prefix}{key} is missing; it must be {expected.__name__}"
            )
        if not isinstance(fields[key], expected) or isinstance(fields[key], bool):
            raise BadBundle(
                f"{path}: field {prefix}{key} is {type(fields[key]).__name__}; "
                f"it must be {expected.__name__}"
            )

"""What a device's policy may be: a JSON object that any database and any client can hold."""

from __future__ import annotations

import json
from typing import Annotated, Any

from pydantic import AfterValidator

from earshot.store.kept_embeddings import KEEPING

MAX_BYTES = 8192
MAX_DEPTH = 16


def _check(policy: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(policy.get(KEEPING), bool | None):  # null: as if left out
        raise ValueError(f"its member {KEEPING} must be true or false")
    if _is_deeper(policy, MAX_DEPTH):
        raise ValueError(f"may be nested {MAX_DEPTH} levels deep at most")
    try:
        text = json.dumps(policy, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        num_bytes = len(text.encode())
    except UnicodeEncodeError:
        raise ValueError("must be text that is valid Unicode") from None
    except ValueError:
        raise ValueError("must have finite numbers only") from None
    if num_bytes > MAX_BYTES:
        raise ValueError(f"may be {MAX_BYTES} bytes of JSON at most; it is {num_bytes}")
    return policy


def _is_deeper(value: Any, depth: int) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, list):
        return False
    return depth == 0 or any(_is_deeper(each, depth - 1) for each in value)


Policy = Annotated[dict[str, Any], AfterValidator(_check)]
"""A JSON object of at most 8 KiB, nested 16 levels deep at most."""


def merged(target: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """Returns the target with a JSON merge patch applied (RFC 7396); changes neither.

    Args:
        target: What there is.
        patch: What shall be; null takes a member away. Not deeper than a policy may be.
    """
    result = {name: value for name, value in target.items() if name not in patch}
    for name, value in patch.items():
        if isinstance(value, dict):
            before = target.get(name)
            result[name] = merged(before if isinstance(before, dict) else {}, value)
        elif value is not None:
            result[name] = value
    return result

"""Merge patches, by the examples of RFC 7396, and what a policy may be."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from services.api.policy import MAX_BYTES, MAX_DEPTH, Policy, merged

POLICY = TypeAdapter(Policy)


# RFC 7396, appendix A: its cases of an object patched by an object.
@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_merge_patch_does_what_the_standard_says(
    target: dict[str, Any], patch: dict[str, Any], result: dict[str, Any]
) -> None:
    assert merged(target, patch) == result


def nested(depth: int) -> dict[str, Any]:
    return {"x": nested(depth - 1)} if depth > 1 else {}


def test_a_policy_at_the_limits_is_taken() -> None:
    for policy in (nested(MAX_DEPTH), {"x": "y" * (MAX_BYTES - len('{"x":""}'))}):
        assert POLICY.validate_python(policy) == policy


def test_a_policy_beyond_the_limits_is_refused() -> None:
    for policy in (nested(MAX_DEPTH + 1), {"x": "ü" * (MAX_BYTES // 2)}, {"x": float("nan")}):
        with pytest.raises(ValidationError):
            POLICY.validate_python(policy)


@pytest.mark.parametrize("value", ["no", 0, [], {}])
def test_whether_embeddings_are_kept_is_true_or_false(value: object) -> None:
    with pytest.raises(ValidationError, match="keep_embeddings must be true or false"):
        POLICY.validate_python({"keep_embeddings": value})
    for allowed in (True, False, None):
        assert POLICY.validate_python({"keep_embeddings": allowed})

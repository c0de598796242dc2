"""What a value may be, in words."""

from __future__ import annotations

from typing import Any

import pytest

from earshot.allowed import describe_allowed


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 9}, "a whole number from 1 to 9"),
        ({"type": "integer", "minimum": 1}, "a whole number from 1"),
        (
            {"type": "number", "exclusiveMinimum": 0, "maximum": 2.5},
            "a number above 0 and up to 2.5",
        ),
        ({"type": "boolean"}, "true or false"),
        ({"type": "string"}, "text"),
        ({"type": "string", "maxLength": 5}, "text of up to 5 characters"),
        ({"type": "string", "pattern": "^a+$"}, "text that matches ^a+$"),
        ({"enum": ["a", "b"], "type": "string"}, "one of a, b"),
        ({"const": "a"}, "a"),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, "a whole number"),
        ({"type": "array", "items": {"enum": ["a"]}}, "one of a"),
    ],
)
def test_schema_is_put_into_words_when_described(schema: dict[str, Any], words: str) -> None:
    assert describe_allowed(schema) == words

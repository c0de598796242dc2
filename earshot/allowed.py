"""What a value may be, in words, from its JSON schema: for settings and for HTTP parameters."""

from __future__ import annotations

from typing import Any

_KINDS = {"integer": "a whole number", "number": "a number", "boolean": "true or false"}


def describe_allowed(schema: dict[str, Any]) -> str:
    """Returns e.g. `a whole number from 1 to 500` or `one of json, console`.

    Args:
        schema: JSON schema of one value; of a list, what each of its items may be; of an optional
            value, what it may be when it is given.
    """
    options = [option for option in schema.get("anyOf", [schema]) if option.get("type") != "null"]
    schema = options[0]
    if schema.get("type") == "array":
        return describe_allowed(schema["items"])
    if "const" in schema:
        return str(schema["const"])
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    text = _KINDS.get(schema.get("type", ""), "text")
    if "pattern" in schema:
        return f"{text} that matches {schema['pattern']}"
    return " ".join([text, *_bounds(schema)])


def _bounds(schema: dict[str, Any]) -> list[str]:
    bounds = []
    if "minimum" in schema:
        bounds.append(f"from {schema['minimum']}")
    if "exclusiveMinimum" in schema:
        bounds.append(f"above {schema['exclusiveMinimum']}")
    if "maximum" in schema:
        bounds.append(f"{'to' if 'minimum' in schema else 'and up to'} {schema['maximum']}")
    if "maxLength" in schema:
        bounds.append(f"of up to {schema['maxLength']} characters")
    return bounds

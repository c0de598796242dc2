"""Holds a YAML file against a JSON Schema, and says in our words what does not fit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from jsonschema import Draft202012Validator, TypeChecker, ValidationError
from jsonschema.validators import extend

from earshot.allowed import describe_allowed
from earshot.events.hint import did_you_mean, nearest_word
from earshot.events.located_yaml import KeyPath, LocatedYaml, Problem

MAX_SHOWN = 60  # characters of a value in a message


def _is_finite_number(checker: TypeChecker, value: object) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and math.isfinite(value)  # type: ignore[arg-type]


# JSON has no NaN and no infinity, YAML does: they pass any minimum and maximum.
_TYPES = Draft202012Validator.TYPE_CHECKER.redefine("number", _is_finite_number)
_Validator = extend(Draft202012Validator, type_checker=_TYPES)  # type: ignore[no-untyped-call]


def schema_problems(yaml: LocatedYaml, schema: dict[str, Any]) -> list[Problem]:
    """Returns what the schema does not allow; empty when the file has the right form.

    Args:
        yaml: The file.
        schema: JSON Schema, draft 2020-12. Its alternatives (`anyOf`) may only ask for keys, and
            a text with a `pattern` says in `patternErrorMessage` what is allowed, as editors
            that know the schema show it too.
    """
    errors = _Validator(schema).iter_errors(yaml.value)
    return [problem for error in errors for problem in _problems(error)]


def _problems(error: ValidationError) -> Iterator[Problem]:
    path: KeyPath = tuple(error.absolute_path)
    value: Any = error.instance
    limit: Any = error.validator_value
    schema: Any = error.schema
    match error.validator:
        case "additionalProperties":
            yield from _unknown_keys(path, value, schema)
        case "required":
            missing = (key for key in limit if key not in value)
            wanted = (key for key in missing if not _is_misspelled(key, value, schema))
            yield from (Problem((*path, key), "is missing") for key in wanted)
        case "anyOf":
            keys = [key for option in limit for key in option["required"]]
            if not any(_is_misspelled(key, value, schema) for key in keys):
                yield Problem(path, f"needs {_one_of(keys)}")
        case "uniqueItems":
            seconds = (index for index, item in enumerate(value) if item in value[:index])
            yield from (
                Problem((*path, i), f"{_shown(value[i])} stands here twice") for i in seconds
            )
        case "enum":
            hint = did_you_mean(value, limit) if isinstance(value, str) else ""
            yield Problem(path, f"{_shown(value)} is none of {', '.join(limit)}{hint}")
        case _:
            yield Problem(path, f"must be {_allowed(schema)}, not {_shown(value)}")


def _unknown_keys(
    path: KeyPath, mapping: dict[str, Any], schema: dict[str, Any]
) -> Iterator[Problem]:
    allowed = schema["properties"]
    for key in mapping:
        if key not in allowed:
            hint = did_you_mean(key, allowed) or f"; allowed are {', '.join(allowed)}"
            yield Problem((*path, key), f"unknown key{hint}")


def _is_misspelled(key: str, mapping: Iterable[str], schema: dict[str, Any]) -> bool:
    """Whether an unknown key of the mapping is told to be this one."""
    allowed = schema["properties"]
    unknown = (given for given in mapping if given not in allowed)
    return any(nearest_word(given, allowed) == key for given in unknown)


def _allowed(schema: dict[str, Any]) -> str:
    match schema["type"]:
        case "object" if "properties" in schema:
            return f"a mapping with the keys {', '.join(schema['properties'])}"
        case "object":
            return f"a mapping of {_count(schema, 'Properties')}"
        case "array":
            return f"a list of {_count(schema, 'Items')}"
        case "string":
            return str(schema["patternErrorMessage"]).removeprefix("must be ")
        case _:
            return describe_allowed(schema)


def _count(schema: dict[str, Any], of: str) -> str:
    least, most = schema.get(f"min{of}", 0), schema[f"max{of}"]
    return f"{least} to {most} entries"


def _one_of(keys: list[str]) -> str:
    return f"{', '.join(keys[:-1])} or {keys[-1]}"


def _shown(value: object) -> str:
    """Returns a value on one line, cut where it is long; containers and nothing by their kind."""
    if value is None:
        return "nothing"
    if isinstance(value, (dict, list)):
        kind = "mapping" if isinstance(value, dict) else "list"
        return f"a {kind}" if value else f"an empty {kind}"
    text = repr(value)
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"

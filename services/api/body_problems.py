"""Sentences about bodies that are not what a route takes."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from typing import Any

_MAX_ECHO_CHARACTERS = 80


def describe_body(problem: Mapping[str, Any], members: Collection[str]) -> str:
    """Returns one sentence for one of pydantic's errors in a body.

    Args:
        problem: Its `loc` is `("body", member, …)`, or `("body",)` for all of it.
        members: What the body may have, as far as is known.
    """
    loc = problem["loc"][1:]
    if problem["type"] == "json_invalid":
        return f"the body is no JSON ({problem['ctx']['error']})"
    if not loc:
        return "the body must be a JSON object, sent with Content-Type: application/json"
    name = _path(loc)
    if problem["type"] == "extra_forbidden":
        nearest = difflib.get_close_matches(name, members, n=1)
        hint = f"did you mean {nearest[0]}?" if nearest else f"known: {', '.join(members)}"
        return f"there is no body member {_shown(name)}; {hint}"
    if problem["type"] == "missing":
        return f"body member {name}: is missing"
    return f"body member {name}{_value(problem['input'])}: {_words(problem['msg'])}"


def _path(loc: tuple[Any, ...]) -> str:
    head, *rest = loc
    parts = [f"[{each}]" if isinstance(each, int) else f".{each}" for each in rest]
    return str(head) + "".join(parts)


def _value(value: object) -> str:
    # What is nested may be of any size and depth: it is not repeated.
    is_short = isinstance(value, str | int | float | None)
    return f"={_shown(str(value))}" if is_short else ""


def _words(message: str) -> str:
    words = message.removeprefix("Value error, ").replace(" should ", " must ", 1)
    return words[:1].lower() + words[1:]


def _shown(text: str) -> str:
    is_long = len(text) > _MAX_ECHO_CHARACTERS
    return repr(text[:_MAX_ECHO_CHARACTERS] + "…" if is_long else text)

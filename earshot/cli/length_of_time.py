"""Lengths of time as people write them: 90s, 15m, 1h, 2d, 1w."""

from __future__ import annotations

import re

import typer

_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
_LONGEST_S = 100 * 365 * 86_400


def length_s(text: str) -> int:
    """Returns how long that is, in seconds, 1 to a hundred years.

    Raises:
        typer.BadParameter: It is none.
    """
    match = re.fullmatch(r"([0-9]{1,9})([smhdw])", text)
    parsed_s = int(match[1]) * _UNITS_S[match[2]] if match else 0
    if not 0 < parsed_s <= _LONGEST_S:
        raise typer.BadParameter(f"{text!r}: a length of time such as 90s, 15m, 1h, 2d is allowed")
    return parsed_s

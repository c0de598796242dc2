"""Lengths of time as values of options."""

from __future__ import annotations

import typer

from earshot.length_of_time import seconds_in


def length_s(text: str) -> int:
    """Returns how long that is, in seconds, 1 to a hundred years.

    Raises:
        typer.BadParameter: It is none.
    """
    try:
        parsed_s = seconds_in(text)
        if parsed_s == 0:
            raise ValueError("more than no time is allowed, such as 90s")
    except ValueError as error:
        raise typer.BadParameter(f"{text!r}: {error}") from None
    return parsed_s

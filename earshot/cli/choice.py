"""Options that take one of a few words."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import typer


def one_of(words: type[StrEnum]) -> dict[str, Any]:
    """Returns what `typer.Option` needs for one of these words.

    Another word is refused with all there are. Typer's own refusal begins with `Value error, `,
    which is no word of ours.
    """

    def parse(text: str) -> StrEnum:
        try:
            return words(text)
        except ValueError:
            raise typer.BadParameter(f"{text!r} is not one of {', '.join(words)}") from None

    return {"parser": parse, "metavar": f"[{'|'.join(words)}]"}

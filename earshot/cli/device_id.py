"""The names that devices may have, checked as an option's value."""

from __future__ import annotations

import re

import typer

_DEVICE_ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")


def device_id(text: str | None) -> str | None:
    """Returns the name, if it was given; raises typer.BadParameter unless devices may have it."""
    if text is not None and not _DEVICE_ID.fullmatch(text):
        raise typer.BadParameter(f"{text!r}: 1 to 128 letters, digits and . _ : - are allowed")
    return text

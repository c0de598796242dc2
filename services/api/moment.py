"""Moments in query parameters: RFC 3339 text to nanoseconds."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RFC_3339 = re.compile(
    r"(\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)
_ALLOWED = "must be an RFC 3339 time with its offset from UTC, such as 2026-05-01T03:12:07Z"


def parse_moment(text: object) -> int:
    """Returns nanoseconds since 1970 of an RFC 3339 time, exact to the nanosecond.

    A `+` that a URL turned into a space (`…07 02:00`) is read as the `+` it was.

    Raises:
        ValueError: No such time; says what is allowed.
    """
    repaired = re.sub(r" (?=\d{2}:\d{2}$)", "+", str(text))
    match = _RFC_3339.fullmatch(repaired)
    if match is None:
        raise ValueError(_ALLOWED)
    second, fraction, offset = match.groups(default="")
    try:
        moment = datetime.fromisoformat(f"{second}{offset.upper()}")
    except ValueError:
        raise ValueError(_ALLOWED) from None
    whole_s = (moment - _EPOCH) // timedelta(seconds=1)
    return whole_s * 1_000_000_000 + int(fraction.ljust(9, "0"))


Moment = Annotated[
    int, BeforeValidator(parse_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
"""Nanoseconds since 1970; RFC 3339 text on the wire."""

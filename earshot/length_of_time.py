"""Lengths of time as people write them: 90s, 15m, 1h, 2d, 1w."""

from __future__ import annotations

import re

DAY_S = 86_400
LONGEST_S = 100 * 365 * DAY_S
_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": DAY_S, "w": 7 * DAY_S}


def seconds_in(text: str) -> int:
    """Returns how long that is, in seconds, 0 to a hundred years.

    Raises:
        ValueError: It is none; the message says what is allowed.
    """
    match = re.fullmatch(r"([0-9]{1,10})([smhdw])", text)
    length_s = int(match[1]) * _UNITS_S[match[2]] if match else -1
    if not 0 <= length_s <= LONGEST_S:
        raise ValueError("a length of time such as 90s, 15m, 1h, 2d is allowed")
    return length_s

"""Which kind of answer a client accepts, after RFC 9110 section 12.5.1."""

from __future__ import annotations

from collections.abc import Sequence


def choose(accept: str, offered: Sequence[str]) -> str | None:
    """Returns the media type that a client likes best, the first offered of those it likes alike.

    Args:
        accept: The header `Accept`; empty accepts everything.
        offered: Media types without parameters, in lower case.

    Returns:
        One of them; None when it accepts none.
    """
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    weights = {name: _weight(name, ranges) for name in offered} if ranges else {offered[0]: 1.0}
    best = max(weights, key=lambda name: weights[name])
    return best if weights[best] > 0 else None


def _range(part: str) -> tuple[str, float]:
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    weights = [each.removeprefix("q=") for each in parameters if each.startswith("q=")]
    try:
        return name, float(weights[0]) if weights else 1.0
    except ValueError:
        return name, 0.0


def _weight(name: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The most specific range counts, not the heaviest."""
    kind = name.partition("/")[0]
    for pattern in (name, f"{kind}/*", "*/*"):
        found = [weight for each, weight in ranges if each == pattern]
        if found:
            return max(found)
    return 0.0

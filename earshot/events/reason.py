"""One thing that happened to an event, and why, in a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from earshot.audio.params import SAMPLE_RATE_HZ

Kind: TypeAlias = Literal[
    "started", "peak", "ended", "lasts", "masked", "suppressed", "free", "gap"
]


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that happened.

    Attributes:
        at_ns: When, UTC; None when it is not known.
        kind: What; `masked` and `suppressed` begin to suppress the event, `free` says that
            nothing does any more.
        sentence: Why, for people.
    """

    at_ns: int | None
    kind: Kind
    sentence: str


def seconds(samples: int) -> str:
    """Returns a duration as sentences give it: `24.96 s`."""
    return f"{samples / SAMPLE_RATE_HZ:.2f} s"


def shown(score: float) -> str:
    """Returns a score as sentences give it: three digits, about what float16 holds."""
    return f"{score:.3f}"

"""Which events a reader asks for."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, dataclass, fields
from enum import Enum
from typing import Any

from earshot.events.event import EndReason, EventState, Granularity, Origin
from earshot.store.errors import BadQuery

MAX_NS = 2**63 - 1


@dataclass(frozen=True, slots=True)
class EventFilter:
    """What an event must be to be listed; empty fields ask for nothing.

    Attributes:
        device_ids: Heard by one of these devices.
        labels: Of one of these labels, or scenes.
        from_ns: Lasted beyond this moment or still lasts; UTC nanoseconds. An event that has ended
            began at most 25 h before it: no label lasts longer, a scene may.
        to_ns: Began before this moment; UTC nanoseconds.
        min_score: Peak score at least this, 0 to 1.
        states: In one of these states.
        sites: Heard at one of these sites.
        tags: Heard by a device that has one of these tags now.
        categories: Of one of these categories.
        priorities: Of one of these priorities.
        granularities: Speaking about one of these.
        origins: Said by one of these.
        scenes: In one of these scenes.
        end_reasons: Ended for one of these reasons.
        is_suppressed: Whether another event suppresses it; None for both.
        max_score: Peak score at most this, 0 to 1.
        min_duration_samples: At least this long, up to the end known so far; at 16 kHz.
        text: Part of its label, device or site, in upper or lower case.

    Raises:
        BadQuery: A time, a score, a duration or a text that no event can have.
    """

    device_ids: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    from_ns: int | None = None
    to_ns: int | None = None
    min_score: float | None = None
    states: tuple[EventState, ...] = ()
    sites: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    priorities: tuple[str, ...] = ()
    granularities: tuple[Granularity, ...] = ()
    origins: tuple[Origin, ...] = ()
    scenes: tuple[str, ...] = ()
    end_reasons: tuple[EndReason, ...] = ()
    is_suppressed: bool | None = None
    max_score: float | None = None
    min_duration_samples: int = 0
    text: str = ""

    def __post_init__(self) -> None:
        for name, moment_ns in (("from", self.from_ns), ("to", self.to_ns)):
            if moment_ns is not None and not -MAX_NS <= moment_ns <= MAX_NS:
                raise BadQuery(f"{name}: {moment_ns} ns is out of range; allowed: years 1678-2262")
        for name, score in (("min_score", self.min_score), ("max_score", self.max_score)):
            if score is not None and not 0.0 <= score <= 1.0:
                raise BadQuery(f"{name}: {score} is out of range; allowed: 0 to 1")
        if not 0 <= self.min_duration_samples <= MAX_NS:
            raise BadQuery(f"min_duration: {self.min_duration_samples} samples is out of range")
        for field in fields(self):
            if "\x00" in "".join(_texts(getattr(self, field.name))):
                raise BadQuery(f"{field.name}: the character NUL is not allowed")

    def values(self, name: str) -> list[str]:
        """Returns what the database holds for the values of a field that is a tuple."""
        return [_plain(value) for value in getattr(self, name)]

    def digest(self) -> str:
        """Returns eight digits that tell this filter from another."""
        parts = json.dumps(astuple(self), default=_plain)
        return hashlib.sha256(parts.encode()).hexdigest()[:8]


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _texts(value: Any) -> list[str]:
    return [each for each in (value if isinstance(value, tuple) else [value]) if type(each) is str]

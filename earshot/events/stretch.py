"""A stretch of time at a device: what was heard of it, or why nothing was."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, Self

NO_SOURCE = "no_source"
"""Why nothing was heard, when nobody said anything: there was no source."""


class Coverage(Enum):
    """What is known of a stretch; when several speak of one moment, the first of these counts.

    * `HEARD`: its sound was scored.
    * `SILENT`: the same, and there was nothing in it but digital silence, or nearly.
    * `LOST`: there was sound, or should have been, and it never got here.
    * `ABSENT`: nothing was to be heard: no source, or one that said so.
    """

    HEARD = "heard"
    SILENT = "silent"
    LOST = "lost"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one moment to before another.

    Attributes:
        begin_at_ns: UTC nanoseconds since 1970.
        end_at_ns: The same; later than `begin_at_ns`.
        coverage: What is known of it.
        reason: Why it is lost or absent, one word; empty for what was heard.
        then: Why nothing follows, as long as nothing does: what the source said last.
    """

    begin_at_ns: int
    end_at_ns: int
    coverage: Coverage
    reason: str = ""
    then: str = NO_SOURCE

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """Returns what `to_state` described."""
        return cls(**state | {"coverage": Coverage(state["coverage"])})

    def to_state(self) -> dict[str, Any]:
        """Returns it as JSON values."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return values | {"coverage": self.coverage.value}

"""An event that has begun and not ended: what the tracker remembers about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from earshot.audio.params import FLOOR_DBFS
from earshot.events.taxonomy import Label


@dataclass(slots=True)
class OpenEvent:
    """One label's event, from its first patch to the newest at which the label was on.

    Scores are float16, multiples of 2**-24 not above 1, so a float holds the sum of 2**29 of them
    exactly: the mean does not depend on how the patches were batched, or on a restart.

    Attributes:
        label: Name of the label; `category` and `priority` as they were at the onset.
        category: See `label`.
        priority: See `label`.
        onset_sample: First sample of the first patch.
        onset_at_ns: UTC of `onset_sample`.
        offset_sample: First sample after the newest patch at which the label was on.
        offset_at_ns: UTC of `offset_sample`.
        revision: Of the last revision that was given out; 0 before the event is long enough.
        peak_score: Highest score.
        score_sum: Of the patches at which the label was on.
        num_patches: How many these are.
        level_dbfs: Highest level of these.
    """

    label: str
    category: str
    priority: str
    onset_sample: int
    onset_at_ns: int
    offset_sample: int
    offset_at_ns: int
    revision: int = 0
    peak_score: float = 0.0
    score_sum: float = 0.0
    num_patches: int = 0
    level_dbfs: float = FLOOR_DBFS

    @classmethod
    def begin(cls, label: Label, sample: int, at_ns: int) -> Self:
        """Returns an event without patches that begins at this sample."""
        return cls(label.name, label.category, label.priority, sample, at_ns, sample, at_ns)

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """Returns what `to_state` described."""
        return cls(**state)

    def to_state(self) -> dict[str, Any]:
        """Returns it as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}

    def add(self, score: float, level_dbfs: float, end_sample: int, end_at_ns: int) -> None:
        """Takes in one more patch at which the label is on."""
        self.offset_sample = end_sample
        # A clock that was set back must not make an event end before it began.
        self.offset_at_ns = max(end_at_ns, self.onset_at_ns)
        self.peak_score = max(score, self.peak_score)
        self.level_dbfs = max(level_dbfs, self.level_dbfs)
        self.score_sum += score
        self.num_patches += 1

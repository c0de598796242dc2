"""An event that has begun and not ended: what the trackers remember about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from earshot.audio.params import FLOOR_DBFS, PATCH_HOP_SAMPLES
from earshot.events.patch import Patch
from earshot.events.taxonomy import Label


@dataclass(slots=True)
class OpenEvent:
    """One event of a label or scene, from its first patch to the newest at which that was on.

    Scores of labels are float16, multiples of 2**-24 not above 1, so a float holds the sum of 2**29
    of them exactly. Those of scenes are floats, always added one by one in the order of patches.
    So the mean does not depend on how the patches were batched, or on a restart.

    Attributes:
        label: Name of the label or scene; `category` and `priority` as they were at the onset.
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
        scene: The scene that reigned when it was first given out; empty without one.
        suppressed_by: Id of the event that suppresses it; empty when none does.
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
    scene: str = ""
    suppressed_by: str = ""

    @classmethod
    def begin(cls, label: str, category: str, priority: str, first: Patch) -> Self:
        """Returns an event that begins where this patch does, and has taken in none yet."""
        sample, at_ns = first.first_sample, first.at_ns
        return cls(label, category, priority, sample, at_ns, sample, at_ns)

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> Self:
        """Returns what `to_state` described."""
        return cls(**state)

    def to_state(self) -> dict[str, Any]:
        """Returns it as JSON values."""
        return {name: getattr(self, name) for name in self.__slots__}

    @property
    def duration_samples(self) -> int:
        """From onset to the end known so far."""
        return self.offset_sample - self.onset_sample

    @property
    def quiet_samples(self) -> int:
        """How much of `duration_samples` the label was not on."""
        return self.duration_samples - self.num_patches * PATCH_HOP_SAMPLES

    @property
    def mean_score(self) -> float:
        """Mean score of the patches at which the label was on."""
        # A sum of scenes' floats is rounded: their mean must not end up above the highest.
        return min(self.score_sum / self.num_patches, self.peak_score)

    def follow(self, label: Label, score: float, patch: Patch) -> bool:
        """Takes in the next patch if the label is on at it, and returns whether it is.

        It is on at `on_score` and above; if it was on at the patch before, at `off_score` too.
        """
        was_on = self.offset_sample == patch.first_sample
        is_on = score >= label.on_score or (was_on and score >= label.off_score)
        if is_on:
            self.add(score, patch)
        return is_on

    def add(self, score: float, patch: Patch) -> None:
        """Takes in one more patch at which the label is on."""
        self.offset_sample = patch.end_sample
        # A clock that was set back must not make an event end before it began.
        self.offset_at_ns = max(patch.end_at_ns, self.onset_at_ns)
        self.peak_score = max(score, self.peak_score)
        self.level_dbfs = max(patch.level_dbfs, self.level_dbfs)
        self.score_sum += score
        self.num_patches += 1

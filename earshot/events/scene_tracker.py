"""Scene scores in, patch by patch; which scene reigns, and revisions of its reign, out.

Of each scene's score there is a running mean: of all patches while fewer than a window have been
heard, exponential with the window as its time constant after that. The scene of the highest mean
among those at or above their `min_score` leads; of equals, the first in the taxonomy. A leader
that has led for the dwell time without a break takes over from the one that reigns; when none has
led for so long, the reign ends. Nobody reigns before a window of sound has been heard.

A reign is given out as an event of category `scene` with the running mean as its score: it begins
where the scene began to lead and ends where it led last, so reigns never overlap. A gap stops the
clock of the dwell time and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from earshot.audio.params import PATCH_HOP_SAMPLES
from earshot.events.event import SCENE_CATEGORY, EndReason, EventState, SoundEvent
from earshot.events.open_event import OpenEvent
from earshot.events.patch import Patch
from earshot.events.revisions import Revisions
from earshot.events.taxonomy import Scenes

PRIORITY = "low"


class SceneTracker:
    """Follows the scenes of one session."""

    def __init__(self, scenes: Scenes, revisions: Revisions) -> None:
        self._scenes = scenes
        # Scores come rounded to float16, so the least of them are rounded too.
        self._min_scores = [float(np.float16(scene.min_score)) for scene in scenes.scenes]
        self._revisions = revisions
        self._leading: OpenEvent | None = None  # leads without a break, but does not reign
        self._reigning: OpenEvent | None = None
        self._forget()

    def restore(self, state: dict[str, Any]) -> None:
        """Takes over what `to_state` described."""
        self._means = state["means"]
        self._num_heard = state["num_heard"]
        self._num_unled = state["num_unled"]
        self._leading = _event(state["leading"])
        self._reigning = _event(state["reigning"])

    def to_state(self) -> dict[str, Any]:
        """Returns all it remembers, as JSON values; a float keeps its every bit in JSON."""
        return {
            "means": list(self._means),
            "num_heard": self._num_heard,
            "num_unled": self._num_unled,
            "leading": self._leading and self._leading.to_state(),
            "reigning": self._reigning and self._reigning.to_state(),
        }

    @property
    def current(self) -> str:
        """Name of the scene that reigns; empty when none does."""
        return self._reigning.label if self._reigning else ""

    def hear(self, scores: Sequence[float], patch: Patch) -> list[SoundEvent]:
        """Takes in the next patch and returns what it changed.

        Args:
            scores: One per scene, 0 to 1.
            patch: Begins where the one before ended, or later, after a gap.
        """
        self._num_heard = min(self._num_heard + 1, self._scenes.window_patches)
        self._means = [
            m + (x - m) / self._num_heard for m, x in zip(self._means, scores, strict=True)
        ]
        self._lead(patch)
        return self._take_over() if self._num_heard == self._scenes.window_patches else []

    def break_off(self, end_reason: EndReason, gap_reason: str = "") -> list[SoundEvent]:
        """Ends the reign and forgets what was heard."""
        ended = self._end_reign(end_reason, gap_reason)
        self._forget()
        return ended

    def _forget(self) -> None:
        self._means = [0.0] * len(self._scenes.scenes)
        self._num_heard = 0  # patches, up to a window of them
        self._num_unled = 0  # patches at which none led, without a break
        self._leading = self._reigning = None

    def _lead(self, patch: Patch) -> None:
        """Finds the leader, and adds the patch to its lead or reign."""
        leader = self._leader()
        self._num_unled = self._num_unled + 1 if leader is None else 0
        if leader is None:
            self._leading = None
            return
        name, mean = self._scenes.scenes[leader].name, self._means[leader]
        if self._reigning and self._reigning.label == name:
            self._leading = None
            self._reigning.add(mean, patch)
            return
        if self._leading is None or self._leading.label != name:
            self._leading = OpenEvent.begin(name, SCENE_CATEGORY, PRIORITY, patch)
        self._leading.add(mean, patch)

    def _leader(self) -> int | None:
        ranked = [
            (mean, -index)
            for index, (mean, least) in enumerate(zip(self._means, self._min_scores, strict=True))
            if mean >= least
        ]
        return -max(ranked)[1] if ranked else None

    def _take_over(self) -> list[SoundEvent]:
        dwell_patches = -(-self._scenes.dwell_samples // PATCH_HOP_SAMPLES)
        if self._leading and self._leading.num_patches >= dwell_patches:
            ended = self._end_reign(EndReason.QUIET)
            self._reigning, self._leading = self._leading, None
            return [*ended, self._revisions.give_out(self._reigning, EventState.STARTED)]
        if self._num_unled >= max(dwell_patches, 1):
            return self._end_reign(EndReason.QUIET)
        return []

    def _end_reign(self, end_reason: EndReason, gap_reason: str = "") -> list[SoundEvent]:
        reign, self._reigning = self._reigning, None
        if reign is None:
            return []
        return [self._revisions.give_out(reign, EventState.ENDED, end_reason, gap_reason)]


def _event(state: dict[str, Any] | None) -> OpenEvent | None:
    return OpenEvent.from_state(state) if state else None

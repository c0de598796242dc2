"""The tracker: scores in, patch by patch; revisions of sound events out. One per session.

A label's event begins when `start_patches` of the last `start_window_patches` reach `on_score`,
with the first of these, and goes on while the score stays at `off_score` or above. After that it
stays open for `merge_gap`: another patch that reaches `on_score` by then goes on with it. It
counts, and `started` is given out, as soon as it lasts `min_duration` from onset to the end known
so far; what never gets that long is forgotten. `ended` is given out when the merge gap has passed,
when the event has lasted `max_duration`, at the session's end, and where sound was lost.

An event is suppressed while one lasts that masks it (`earshot.events.masking`). It is followed and
given out like any other, marked with `suppressed_by`; `updated` says when that changes.

A patch's revisions come in this order: of scenes, of labels in the taxonomy's order, updates.

Thus two thresholds against flicker (arXiv:1904.03841 finds them better than median filters), and
all times are sample counts: no sum of seconds can drift.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from earshot.contracts.messages import Flags, Header
from earshot.events.entry_scores import EntryScores
from earshot.events.errors import BadScores
from earshot.events.event import EndReason, SoundEvent
from earshot.events.label_tracker import LabelTracker
from earshot.events.revisions import Revisions
from earshot.events.scene_tracker import SceneTracker
from earshot.events.taxonomy import Taxonomy


class Tracker:
    """Follows the labels and scenes of one session of one device.

    The same entries give the same revisions however they are batched, and a tracker made
    `from_state` goes on exactly as the one that `to_state` described would have.

    Attributes:
        num_labels: Number of labels it follows.
        num_scenes: Number of scenes it follows.
    """

    def __init__(self, taxonomy: Taxonomy, device_id: str, session_id: str) -> None:
        self.num_labels = len(taxonomy.labels)
        self.num_scenes = len(taxonomy.scenes.scenes)
        self._taxonomy_hash = taxonomy.taxonomy_hash
        self._revisions = Revisions(device_id, session_id, taxonomy.taxonomy_hash)
        self._labels = LabelTracker(taxonomy.labels, self._revisions)
        self._scenes = SceneTracker(taxonomy.scenes, self._revisions)
        self._next_sample: int | None = None  # where the next patch begins if nothing is lost

    @classmethod
    def from_state(
        cls, taxonomy: Taxonomy, device_id: str, session_id: str, state: dict[str, Any]
    ) -> Self:
        """Returns a tracker that goes on where another one was, also one of an earlier version.

        Events that were open under another taxonomy end at the next entry, with the end they had.
        """
        tracker = cls(taxonomy, device_id, session_id)
        tracker._next_sample = state["next_sample"]
        tracker._revisions.models = tuple(state["models"])
        tracker._revisions.taxonomy_hash = state["taxonomy_hash"]
        tracker._labels.restore(state)
        if "scenes" in state:
            tracker._scenes.restore(state["scenes"])
        return tracker

    def to_state(self) -> dict[str, Any]:
        """Returns all it remembers, as JSON values."""
        return {
            "next_sample": self._next_sample,
            "models": list(self._revisions.models),
            "taxonomy_hash": self._revisions.taxonomy_hash,
            **self._labels.to_state(),
            "scenes": self._scenes.to_state(),
        }

    @property
    def scene(self) -> str:
        """Name of the scene that reigns; empty when none does."""
        return self._scenes.current

    def advance(
        self,
        header: Header,
        label_scores: NDArray[np.float16],
        level_dbfs: NDArray[np.float32],
        models: Sequence[str] = (),
        scene_scores: NDArray[np.float16] | None = None,
    ) -> list[SoundEvent]:
        """Takes in the next entry and returns what it changed, in order.

        Patch i begins at `header.first_sample` + 15,360 i and counts for 15,360 samples.

        Args:
            header: Of the entry, which must follow the one before.
            label_scores: float16 (num_patches, num_labels), 0 to 1; num_patches may be 0.
            level_dbfs: float32 (num_patches,), finite.
            models: name@version of the embedder and the model that gave the scores.
            scene_scores: float16 (num_patches, num_scenes), 0 to 1; None for a stretch of which
                nothing is known about scenes: they stay as they are.

        Raises:
            BadScores: Shapes that do not fit, a level that is no number, or an entry that goes
                back behind what has been heard. The tracker is as it was before.
        """
        entry = EntryScores(header, label_scores, level_dbfs, scene_scores)
        self._check(entry)
        revised: list[SoundEvent] = []
        if self._is_interrupted_by(entry):
            revised += self.break_off(EndReason.GAP, header.gap_reason)
        if len(entry):
            self._revisions.models = tuple(models)
        for patch, of_labels, of_scenes in entry.patches():
            if of_scenes:
                revised += self._scenes.hear(of_scenes, patch)
            revised += self._labels.hear(of_labels, patch, self.scene)
            self._next_sample = patch.end_sample
        if Flags.END_OF_SESSION in header.flags:
            revised += self.break_off(EndReason.SESSION_END)
        return revised

    def break_off(
        self, end_reason: EndReason = EndReason.GAP, gap_reason: str = ""
    ) -> list[SoundEvent]:
        """Ends all events, because what was heard does not go on; returns their ends.

        A scene goes on reigning over a gap. When the taxonomy has changed since the events began,
        that is the reason, whatever else there is.

        Args:
            end_reason: `GAP`, `SESSION_END` or `SOURCE_GONE`.
            gap_reason: Why sound was lost, if that is the reason and somebody said why.
        """
        if self._is_outdated:
            end_reason, gap_reason = EndReason.TAXONOMY_CHANGED, ""
        ended = self._labels.break_off(end_reason, gap_reason)
        if end_reason is not EndReason.GAP:
            ended += self._scenes.break_off(end_reason)
        self._revisions.taxonomy_hash = self._taxonomy_hash
        return ended

    @property
    def _is_outdated(self) -> bool:
        return self._revisions.taxonomy_hash != self._taxonomy_hash

    def _is_interrupted_by(self, entry: EntryScores) -> bool:
        header = entry.header
        jumps = len(entry) > 0 and self._next_sample not in {None, header.first_sample}
        is_gap = Flags.GAP in header.flags or header.gap_before_samples > 0
        return is_gap or jumps or self._is_outdated

    def _check(self, entry: EntryScores) -> None:
        entry.check(self.num_labels, self.num_scenes)
        first_sample, heard = entry.header.first_sample, self._next_sample or 0
        if len(entry) and first_sample < heard:
            raise BadScores(f"first_sample {first_sample} is before {heard}, heard already")

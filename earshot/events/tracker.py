"""The tracker: label scores in, patch by patch; revisions of sound events out. One per session.

A label's event begins with a patch whose score reaches `on_score`, and goes on while the score
stays at `off_score` or above. After that it stays open for `merge_gap`: another patch that reaches
`on_score` by then goes on with it. It counts, and `started` is given out, as soon as it lasts
`min_duration` from onset to the end known so far; what never gets that long is forgotten. `ended`
is given out when the merge gap has passed, at the session's end, and where sound was lost.

Thus two thresholds against flicker (arXiv:1904.03841 finds them better than median filters), and
all times are sample counts: no sum of seconds can drift.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from earshot.audio.params import PATCH_HOP_SAMPLES, SAMPLE_RATE_HZ
from earshot.contracts.messages import Flags, Header
from earshot.events.errors import BadScores
from earshot.events.event import EventState, SoundEvent, event_id
from earshot.events.open_event import OpenEvent
from earshot.events.taxonomy import Label, Taxonomy

NS_PER_SAMPLE = 1_000_000_000 // SAMPLE_RATE_HZ  # 62,500: no remainder


class Tracker:
    """Follows the labels of one session of one device.

    The same entries give the same revisions however they are batched, and a tracker made
    `from_state` goes on exactly as the one that `to_state` described would have.
    """

    def __init__(self, taxonomy: Taxonomy, device_id: str, session_id: str) -> None:
        self._taxonomy_hash = taxonomy.taxonomy_hash
        self._device_id = device_id
        self._session_id = session_id
        # Scores come rounded to float16, so thresholds are rounded too: 0.8 reaches 0.8.
        self._labels = tuple(map(_rounded, taxonomy.labels))
        self._next_sample: int | None = None  # where the next patch begins if nothing is lost
        self._models: tuple[str, ...] = ()
        self._open: dict[str, OpenEvent] = {}
        self._opened_under = self._taxonomy_hash

    @classmethod
    def from_state(
        cls, taxonomy: Taxonomy, device_id: str, session_id: str, state: dict[str, Any]
    ) -> Self:
        """Returns a tracker that goes on where another one was.

        Events that were open under another taxonomy end at the next entry, with the end they had.
        """
        tracker = cls(taxonomy, device_id, session_id)
        tracker._next_sample = state["next_sample"]
        tracker._models = tuple(state["models"])
        tracker._opened_under = state["taxonomy_hash"]
        events = map(OpenEvent.from_state, state["open"])
        tracker._open = {event.label: event for event in events}
        return tracker

    @property
    def num_labels(self) -> int:
        """Number of labels it follows."""
        return len(self._labels)

    def to_state(self) -> dict[str, Any]:
        """Returns all it remembers, as JSON values."""
        return {
            "next_sample": self._next_sample,
            "models": list(self._models),
            "taxonomy_hash": self._opened_under,
            "open": [event.to_state() for event in self._open.values()],
        }

    def advance(
        self,
        header: Header,
        label_scores: NDArray[np.float16],
        level_dbfs: NDArray[np.float32],
        models: Sequence[str] = (),
    ) -> list[SoundEvent]:
        """Takes in the next entry and returns what it changed, in order.

        Patch i begins at `header.first_sample` + 15,360 i and counts for 15,360 samples.

        Args:
            header: Of the entry, which must follow the one before.
            label_scores: float16 (num_patches, num_labels), 0 to 1; num_patches may be 0.
            level_dbfs: float32 (num_patches,), finite.
            models: name@version of the embedder and the model that gave the scores.

        Raises:
            BadScores: Shapes that do not fit, a level that is no number, or an entry that goes
                back behind what has been heard. The tracker is as it was before.
        """
        self._check(header, label_scores, level_dbfs)
        revised = self.break_off() if self._is_interrupted_by(header, len(level_dbfs)) else []
        if len(level_dbfs):
            self._models = tuple(models)
        sample, at_ns = header.first_sample, header.captured_at_ns
        for scores, level in zip(label_scores.tolist(), level_dbfs.tolist(), strict=True):
            revised += self._hear(scores, level, sample, at_ns)
            sample += PATCH_HOP_SAMPLES
            at_ns += PATCH_HOP_SAMPLES * NS_PER_SAMPLE
            self._next_sample = sample
        if Flags.END_OF_SESSION in header.flags:
            revised += self.break_off()
        return revised

    def break_off(self) -> list[SoundEvent]:
        """Ends all events, because sound is missing after what was heard; returns their ends."""
        counted = [event for event in self._open.values() if event.revision]
        ended = [self._revise(event, EventState.ENDED) for event in counted]
        self._open.clear()
        self._opened_under = self._taxonomy_hash
        return ended

    def _check(
        self, header: Header, label_scores: NDArray[np.float16], level_dbfs: NDArray[np.float32]
    ) -> None:
        num_patches = len(level_dbfs)
        if label_scores.shape != (num_patches, len(self._labels)):
            shape = "x".join(map(str, label_scores.shape))
            raise BadScores(f"label scores are {shape}, levels {num_patches}")
        if not np.isfinite(level_dbfs).all():
            raise BadScores("a level is not a finite number")
        heard = self._next_sample or 0
        if num_patches and header.first_sample < heard:
            raise BadScores(f"first_sample {header.first_sample} is before {heard}, heard already")

    def _is_interrupted_by(self, header: Header, num_patches: int) -> bool:
        jumps = num_patches > 0 and self._next_sample not in {None, header.first_sample}
        is_gap = Flags.GAP in header.flags or header.gap_before_samples > 0
        return is_gap or jumps or self._opened_under != self._taxonomy_hash

    def _hear(
        self, scores: list[float], level_dbfs: float, sample: int, at_ns: int
    ) -> list[SoundEvent]:
        revised = []
        for label, score in zip(self._labels, scores, strict=True):
            event = self._open.get(label.name)
            if event is None and score >= label.on_score:
                event = self._open[label.name] = OpenEvent.begin(label, sample, at_ns)
            if event is not None:
                changed = self._follow(event, label, score, level_dbfs, (sample, at_ns))
                revised += [changed] if changed else []
        return revised

    def _follow(
        self,
        event: OpenEvent,
        label: Label,
        score: float,
        level_dbfs: float,
        start: tuple[int, int],
    ) -> SoundEvent | None:
        end_sample = start[0] + PATCH_HOP_SAMPLES
        was_on = event.offset_sample == start[0]
        if score >= label.on_score or (was_on and score >= label.off_score):
            end_at_ns = start[1] + PATCH_HOP_SAMPLES * NS_PER_SAMPLE
            event.add(score, level_dbfs, end_sample, end_at_ns)
            is_long = end_sample - event.onset_sample >= label.min_duration_samples
            started = event.revision == 0 and is_long
            return self._revise(event, EventState.STARTED) if started else None
        if end_sample - event.offset_sample <= label.merge_gap_samples:
            return None
        del self._open[label.name]
        return self._revise(event, EventState.ENDED) if event.revision else None

    def _revise(self, event: OpenEvent, state: EventState) -> SoundEvent:
        event.revision += 1
        return SoundEvent(
            event_id=event_id(self._device_id, self._session_id, event.label, event.onset_sample),
            revision=event.revision,
            state=state,
            device_id=self._device_id,
            session_id=self._session_id,
            site="",
            label=event.label,
            category=event.category,
            priority=event.priority,
            onset_sample=event.onset_sample,
            offset_sample=event.offset_sample,
            onset_at_ns=event.onset_at_ns,
            offset_at_ns=event.offset_at_ns,
            peak_score=event.peak_score,
            mean_score=event.score_sum / event.num_patches,
            level_dbfs=event.level_dbfs,
            models=self._models,
            taxonomy_hash=self._opened_under,
        )


def _rounded(label: Label) -> Label:
    on_score, off_score = float(np.float16(label.on_score)), float(np.float16(label.off_score))
    return replace(label, on_score=on_score, off_score=off_score)

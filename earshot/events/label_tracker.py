"""Label scores in, patch by patch; revisions of the labels' events out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from operator import ge
from typing import Any, NamedTuple

import numpy as np

from earshot.events.event import EndReason, EventState, SoundEvent
from earshot.events.masking import Masking
from earshot.events.onset import Onset
from earshot.events.open_event import OpenEvent
from earshot.events.patch import Patch
from earshot.events.revisions import Revisions
from earshot.events.taxonomy import Label


class _Change(NamedTuple):
    event: OpenEvent
    state: EventState
    end_reason: EndReason = EndReason.NONE


class LabelTracker:
    """Follows the labels of one session through unbroken sound; `break_off` where it breaks."""

    def __init__(self, labels: Sequence[Label], revisions: Revisions) -> None:
        self._labels = all_rounded(tuple(labels))
        self._on_scores = [label.on_score for label in self._labels]
        self._masking = Masking(self._labels, revisions.id_of)
        self._revisions = revisions
        self._open: dict[str, OpenEvent] = {}
        self._onsets: dict[str, Onset] = {}

    def restore(self, state: dict[str, Any]) -> None:
        """Takes over what `to_state` described."""
        self._open = {event["label"]: OpenEvent.from_state(event) for event in state["open"]}
        self._onsets = {name: Onset(heard) for name, heard in state.get("onsets", {}).items()}

    def to_state(self) -> dict[str, Any]:
        """Returns all it remembers, as JSON values."""
        return {
            "open": [event.to_state() for event in self._open.values()],
            "onsets": {name: onset.to_state() for name, onset in self._onsets.items()},
        }

    def hear(self, scores: Sequence[float], patch: Patch, scene: str = "") -> list[SoundEvent]:
        """Takes in the next patch and returns what it changed: see `earshot.events.tracker`.

        Args:
            scores: One per label, multiples of 2**-24.
            patch: Begins where the one before ended.
            scene: Which reigns now; events that start are marked with it.
        """
        if not self._open and not self._onsets and not any(map(ge, scores, self._on_scores)):
            return []  # most patches of most devices
        changes: list[_Change] = []
        for label, score in zip(self._labels, scores, strict=True):
            if label.name in self._open:
                changes += self._follow(label, score, patch)
            elif score >= label.on_score or label.name in self._onsets:
                changes += self._begin(label, score, patch)
        if changes:
            changes += self._suppress(changes, scene)
        return [self._revisions.give_out(*change) for change in changes]

    def break_off(self, end_reason: EndReason, gap_reason: str = "") -> list[SoundEvent]:
        """Ends all events, in the order in which they began, and forgets what has not started."""
        ended = [
            self._revisions.give_out(event, EventState.ENDED, end_reason, gap_reason)
            for event in self._open.values()
            if event.revision
        ]
        self._open.clear()
        self._onsets.clear()
        return ended

    def _begin(self, label: Label, score: float, patch: Patch) -> list[_Change]:
        """Opens an event if enough patches have reached `on_score` now."""
        onset = self._onsets.pop(label.name, None) or Onset()
        event = onset.take(label, score, patch)
        if event is not None:
            self._open[label.name] = event
            return self._grown(event, label)
        if onset:
            self._onsets[label.name] = onset
        return []

    def _follow(self, label: Label, score: float, patch: Patch) -> list[_Change]:
        """Goes on with an open event, or ends it when it has been quiet for too long."""
        event = self._open[label.name]
        if event.follow(label, score, patch):
            return self._grown(event, label)
        if patch.end_sample - event.offset_sample <= label.merge_gap_samples:
            return []
        del self._open[label.name]
        return [_Change(event, EventState.ENDED, EndReason.QUIET)] if event.revision else []

    def _grown(self, event: OpenEvent, label: Label) -> list[_Change]:
        """Starts an event that is long enough now, and ends one that has lasted the longest."""
        changes: list[_Change] = []
        is_long = event.duration_samples >= label.min_duration_samples
        if is_long and not event.revision:
            changes.append(_Change(event, EventState.STARTED))
        if event.duration_samples >= label.max_duration_samples:
            del self._open[label.name]
            if is_long:
                changes.append(_Change(event, EventState.ENDED, EndReason.MAX_DURATION))
        return changes

    def _suppress(self, changes: Sequence[_Change], scene: str) -> list[_Change]:
        """Sets scene and suppressor of events that start, and updates those that last.

        What starts with the same patch as its masker is suppressed from its first revision on, so
        that nobody is told of it in between.
        """
        starting = {c.event.label: c.event for c in changes if c.state is EventState.STARTED}
        for event in starting.values():
            event.scene = scene
        lasting = {e.label: e for e in self._open.values() if e.revision or e.label in starting}
        concerned = lasting | starting
        updates = []
        for event in [concerned[label.name] for label in self._labels if label.name in concerned]:
            suppressor = self._masking.suppressor(event, lasting)
            if suppressor != event.suppressed_by and event.label not in starting:
                updates.append(_Change(event, EventState.UPDATED))
            event.suppressed_by = suppressor
        return updates


@lru_cache
def all_rounded(labels: tuple[Label, ...]) -> tuple[Label, ...]:
    """Returns labels with thresholds as scores travel, in float16, so that 0.8 reaches 0.8."""
    return tuple(map(rounded, labels))


def rounded(label: Label) -> Label:
    """Returns a label with thresholds as scores travel, and are compared: in float16."""
    on_score, off_score = float(np.float16(label.on_score)), float(np.float16(label.off_score))
    return replace(label, on_score=on_score, off_score=off_score)

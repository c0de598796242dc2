"""How each label stands at a moment: why it is an event, or why it is none.

It is told from what a tracker remembers after a patch, live (`Tracker.to_state`) or as committed,
and from the scores of that patch. Nothing is decided here a second time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from earshot.audio.params import SAMPLE_RATE_HZ
from earshot.events.event import event_id
from earshot.events.label_tracker import all_rounded
from earshot.events.open_event import OpenEvent
from earshot.events.taxonomy import Label, Taxonomy


class Standing(Enum):
    """Where a label stands between silence and an event. The last four have an event."""

    QUIET = "quiet"  # below `off_score`
    BELOW = "below"  # at `off_score` or above, below `on_score`
    COUNTING = "counting"  # reached `on_score`, in too few patches yet
    SHORT = "short"  # begun, too short yet to be told
    RUNNING = "running"  # told, and on at this patch
    ENDING = "ending"  # told, and pausing: it goes on, or ends after the merge gap
    MASKED = "masked"  # told, with an event of another label that masks it
    SUPPRESSED = "suppressed"  # told, with an event of a label whose parent it is


@dataclass(frozen=True, slots=True)
class LabelStanding:
    """How one label stands.

    Attributes:
        label: Its name.
        standing: See `Standing`.
        sentence: The same for people, with numbers: `0.42, needs 0.50`.
        score: Of the patch, 0 to 1; None when there was no sound.
        on_score: In force at the device.
        off_score: The same.
        event_id: Of the event that has been told and not ended; empty without one.
        since_ns: UTC of that event's onset; None without one.
        suppressed_by: Id of the event that suppresses it; empty when none does.
    """

    label: str
    standing: Standing
    sentence: str
    score: float | None
    on_score: float
    off_score: float
    event_id: str = ""
    since_ns: int | None = None
    suppressed_by: str = ""


def label_standings(
    taxonomy: Taxonomy,
    device_id: str,
    session_id: str,
    tracker_state: Mapping[str, Any],
    scores: Sequence[float] | None,
) -> list[LabelStanding]:
    """Returns how each label stands, in the order of the taxonomy.

    Args:
        taxonomy: In force at the device. Events of labels that it does not have are left out.
        device_id: Whose state it is.
        session_id: The same.
        tracker_state: What `Tracker.to_state` returned after the patch.
        scores: One per label, of that patch, as the tracker got them; None when what was heard
            last was no sound.
    """
    heard = _Heard(taxonomy.labels, device_id, session_id, tracker_state)
    by_label: Sequence[float | None] = [None] * len(taxonomy.labels) if scores is None else scores
    limits = all_rounded(taxonomy.labels)
    return [heard.standing(*each) for each in zip(taxonomy.labels, limits, by_label, strict=True)]


class _Heard:
    """What a tracker's state says, by label."""

    def __init__(
        self,
        labels: Sequence[Label],
        device_id: str,
        session_id: str,
        tracker_state: Mapping[str, Any],
    ) -> None:
        self._parents = {label.name: label.parent for label in labels}
        self._next_sample = tracker_state["next_sample"] or 0
        self._onsets = tracker_state.get("onsets", {})
        self._open = {each["label"]: OpenEvent.from_state(each) for each in tracker_state["open"]}
        self._ids = {
            name: event_id(device_id, session_id, name, event.onset_sample)
            for name, event in self._open.items()
        }

    def standing(self, label: Label, limits: Label, score: float | None) -> LabelStanding:
        """Limits: the label with thresholds as they are compared."""
        event = self._open.get(label.name)
        if event is None:
            standing, sentence = _waiting(limits, score, self._onsets.get(label.name, []))
        else:
            standing, sentence = self._of_event(label, score, event)
        known = label.name, standing, sentence, score, label.on_score, label.off_score
        if event is None or not event.revision:
            return LabelStanding(*known)
        own_id = self._ids[label.name]
        return LabelStanding(*known, own_id, event.onset_at_ns, event.suppressed_by)

    def _of_event(
        self, label: Label, score: float | None, event: OpenEvent
    ) -> tuple[Standing, str]:
        lasts_s, paused_s = _seconds(event.duration_samples), self._paused_s(event)
        if not event.revision:
            needed_s = _seconds(label.min_duration_samples)
            return Standing.SHORT, f"{lasts_s} s of the {needed_s} s it takes"
        if event.suppressed_by:
            return self._suppressed(label, event)
        heard = "no sound" if score is None else f"{score:.2f}"
        if not paused_s:
            return Standing.RUNNING, f"{heard}, an event for {lasts_s} s"
        on_again, gap_s = f"{label.on_score:.2f}", _seconds(label.merge_gap_samples)
        return (
            Standing.ENDING,
            f"{heard}, pausing for {paused_s} s: goes on at {on_again}, ends after {gap_s} s",
        )

    def _suppressed(self, label: Label, event: OpenEvent) -> tuple[Standing, str]:
        by = [name for name, own_id in self._ids.items() if own_id == event.suppressed_by]
        who = by[0] if by else "another event"
        if by and self._parents.get(who) == label.name:
            return Standing.SUPPRESSED, f"told as {who}, which says it more exactly"
        return Standing.MASKED, f"masked by {who}"

    def _paused_s(self, event: OpenEvent) -> str:
        """How long the label has not been on; empty when it was at the newest patch."""
        paused_samples = self._next_sample - event.offset_sample
        return _seconds(paused_samples) if paused_samples > 0 else ""


def _waiting(
    label: Label, score: float | None, onset: Sequence[Sequence[Any]]
) -> tuple[Standing, str]:
    """Returns how a label stands that has no event."""
    num_reached = sum(heard[0] >= label.on_score for heard in onset)
    if num_reached:
        counted = f"{num_reached} of the {label.start_patches} patches it takes"
        is_wider = label.start_window_patches > label.start_patches
        within = f" within {label.start_window_patches}" if is_wider else ""
        return Standing.COUNTING, counted + within
    if score is None:
        return Standing.QUIET, "no sound"
    if score >= label.on_score:
        return Standing.COUNTING, f"{score:.2f}, its event has just ended"
    standing = Standing.QUIET if score < label.off_score else Standing.BELOW
    return standing, f"{_below(score, label.on_score)}, needs {label.on_score:.2f}"


def _below(score: float, on_score: float) -> str:
    """Returns a score with so many digits that it does not read as if it had reached another."""
    texts = (f"{score:.{digits}f}" for digits in (2, 3, 4, 5))
    return next((text for text in texts if float(text) < float(f"{on_score:.2f}")), f"{score:.5f}")


def _seconds(samples: int) -> str:
    return f"{samples / SAMPLE_RATE_HZ:.2f}"

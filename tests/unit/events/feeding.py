"""A small taxonomy, and entries made of scores written down as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from earshot.contracts.messages import Flags, Header
from earshot.events.event import SoundEvent
from earshot.events.taxonomy import Label, Taxonomy
from earshot.events.tracker import Tracker

HOP = 15_360
HOP_NS = 960_000_000
BORN_NS = 1_700_000_000_000_000_000
DEVICE, SESSION = "kitchen", "01J"


def label(
    name: str = "Dog",
    *,
    on: float = 0.5,
    off: float = 0.25,
    duration: int = 0,
    gap: int = 0,
    longest: int = 1_000,
    **fields: Any,
) -> Label:
    """A label on at 0.5, off below 0.25; durations in patches."""
    return Label(
        name=name,
        category="animal",
        priority=fields.pop("priority", "normal"),
        classes=(name,),
        on_score=on,
        off_score=off,
        min_duration_samples=duration * HOP,
        merge_gap_samples=gap * HOP,
        max_duration_samples=longest * HOP,
        **fields,
    )


def taxonomy(*labels: Label) -> Taxonomy:
    return Taxonomy(labels or (label(),))


def header(
    first_patch: int,
    flags: Flags = Flags.NONE,
    gap_before_samples: int = 0,
    gap_reason: str = "",
) -> Header:
    return Header(
        DEVICE,
        SESSION,
        sequence=0,
        first_sample=first_patch * HOP,
        captured_at_ns=BORN_NS + first_patch * HOP_NS,
        flags=flags,
        gap_before_samples=gap_before_samples,
        gap_reason=gap_reason,
    )


def feed(
    tracker: Tracker,
    scores: Sequence[Sequence[float]] | Sequence[float],
    first_patch: int = 0,
    flags: Flags = Flags.NONE,
    levels: Sequence[float] | None = None,
    gap_before_samples: int = 0,
) -> list[SoundEvent]:
    """Feeds one entry; a flat list of scores is that of one label."""
    label_scores = np.array(scores, np.float16).reshape(len(scores), tracker.num_labels)
    level_dbfs = np.array(levels or [-30.0] * len(scores), np.float32)
    place = header(first_patch, flags, gap_before_samples)
    return tracker.advance(place, label_scores, level_dbfs, ("embedder@1", "model@1"))


SCORES = {"#": 0.75, "=": 0.375, ".": 0.125}
"""What a patch does to a label of `label()`: reaches on, holds off, neither."""


def play(tracker: Tracker, *lines: str, first_patch: int = 0) -> list[SoundEvent]:
    """Feeds one entry, a line of `SCORES` per label, and ends the session where a line ends in |.

    Blanks in a line are for the eye.
    """
    texts = [line.replace(" ", "").removesuffix("|") for line in lines]
    scores = [[SCORES[text[patch]] for text in texts] for patch in range(len(texts[0]))]
    flags = Flags.END_OF_SESSION if lines[0].endswith("|") else Flags.NONE
    return feed(tracker, scores, first_patch, flags)


def brief(events: Sequence[SoundEvent]) -> list[str]:
    """Each revision as `label revision state onset-offset`, in patches."""
    return [
        f"{e.label} {e.revision} {e.state.value} {e.onset_sample // HOP}-{e.offset_sample // HOP}"
        for e in events
    ]

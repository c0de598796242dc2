"""One revision of a sound event, as `proto/earshot/contracts/v1/event.proto` defines it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum

NUM_ID_DIGITS = 32
SCENE_CATEGORY = "scene"
"""Category of the events that say how long a scene reigned; no label has it."""


class EventState(Enum):
    """Where an event is in its life. `ended` is final."""

    STARTED = "started"
    UPDATED = "updated"
    ENDED = "ended"


class EndReason(Enum):
    """Why an event ended; `NONE` while it lasts."""

    NONE = ""
    QUIET = "quiet"
    GAP = "gap"
    SESSION_END = "session_end"
    MAX_DURATION = "max_duration"
    TAXONOMY_CHANGED = "taxonomy_changed"
    SOURCE_GONE = "source_gone"


class Granularity(Enum):
    """What a row speaks about: a whole clip, a stretch with an onset and an offset, or a frame."""

    CLIP = "clip"
    SEGMENT = "segment"
    FRAME = "frame"


class Origin(Enum):
    """Who says so."""

    MODEL = "model"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class SoundEvent:
    """One revision of a sound event.

    Attributes:
        event_id: 32 hexadecimal digits, see `event_id`.
        revision: 1, 2, … one for each change.
        state: See `EventState`.
        device_id: The device that heard it.
        session_id: The run of the device's source.
        site: Where the device stands; empty when nobody said.
        label: Name of the label in the taxonomy.
        category: The label's category.
        priority: The label's priority.
        onset_sample: Index at 16 kHz of the first sample, from the session's start.
        offset_sample: Index of the first sample after the end; while the event lasts, the end
            known so far.
        onset_at_ns: UTC of `onset_sample`, nanoseconds since 1970.
        offset_at_ns: UTC of `offset_sample`; never before `onset_at_ns`.
        peak_score: Highest patch score, 0 to 1.
        mean_score: Mean score of the patches at which the label was on, 0 to 1.
        level_dbfs: Highest RMS of those patches, dB relative to full scale.
        scene: The scene it happened in; empty without one.
        suppressed_by: Id of the event that suppresses this one, so that receivers leave it aside;
            empty when none does.
        models: name@version of the embedder and of the frame-level model.
        taxonomy_hash: Hash of the taxonomy that decided.
        granularity: See `Granularity`.
        origin: See `Origin`.
        end_reason: See `EndReason`.
        gap_reason: Why sound was lost, when that ended the event and was said; else empty.
        quiet_samples: How much of onset to offset the label was not on, at 16 kHz: bridged pauses,
            and for a scene gaps.
    """

    event_id: str
    revision: int
    state: EventState
    device_id: str
    session_id: str
    site: str
    label: str
    category: str
    priority: str
    onset_sample: int
    offset_sample: int
    onset_at_ns: int
    offset_at_ns: int
    peak_score: float
    mean_score: float
    level_dbfs: float
    scene: str = ""
    suppressed_by: str = ""
    models: tuple[str, ...] = ()
    taxonomy_hash: str = ""
    granularity: Granularity = Granularity.SEGMENT
    origin: Origin = Origin.MODEL
    end_reason: EndReason = EndReason.NONE
    gap_reason: str = ""
    quiet_samples: int = 0

    @property
    def revision_id(self) -> str:
        """`<event_id>.<revision>`: what receivers tell repeated deliveries by."""
        return f"{self.event_id}.{self.revision}"


def event_id(device_id: str, session_id: str, label: str, onset_sample: int) -> str:
    """Returns the identity of an event: the same however often it is computed.

    It is the start of the SHA-256 of the four parts joined by NUL, which none of them contains.
    """
    parts = "\x00".join((device_id, session_id, label, str(onset_sample)))
    return hashlib.sha256(parts.encode()).hexdigest()[:NUM_ID_DIGITS]

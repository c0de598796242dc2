"""What was heard and how labels stand, as the api answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from earshot.events.cloud_event import utc_text
from earshot.events.scene_standing import SceneStanding
from earshot.events.standing import LabelStanding
from earshot.store.places import Place
from services.api.heard import HeardDevice, HeardEntry, State
from services.api.hearing_schemas import (
    ClassScore,
    DeviceHearing,
    LabelHearing,
    LastPrediction,
    SceneHearing,
)

AWAY_S = 25.0  # sources send a message every 10 s, also without sound
NUM_DIGITS = 4  # of a score: float16 has three to four


@dataclass(frozen=True, slots=True)
class Labels:
    """How labels and scenes stand at one entry.

    Attributes:
        session_id: Of the entry.
        at_ns: UTC of its end; None when nothing is known.
        labels: In the order of the taxonomy.
        scene: Which scene reigns.
        note: Why nothing newer is known; else empty.
    """

    session_id: str
    at_ns: int | None = None
    labels: Sequence[LabelStanding] = ()
    scene: SceneStanding = SceneStanding()
    note: str = ""

    def with_note(self, note: str) -> Labels:
        """Returns the same with another note."""
        return replace(self, note=note)


def device_answer(
    device: HeardDevice,
    place: Place,
    labels: Labels,
    top: Sequence[ClassScore],
    problem: str,
    now_s: float,
) -> DeviceHearing:
    """Returns what is told of a device.

    Args:
        device: What was heard.
        place: Where it stands.
        labels: How its labels stand.
        top: The highest classes of its newest entry.
        problem: Why these cannot be named; else empty.
        now_s: On the monotonic clock.
    """
    newest = device.newest
    is_late = now_s - device.arrived_s > AWAY_S
    state: State = "away" if is_late else newest.state
    is_heard = state != "away"
    return DeviceHearing(
        device_id=newest.device_id,
        site=place.site,
        tags=list(place.tags),
        state=state,
        at=_moment(newest.at_ns or None),
        level_dbfs=_level(newest) if is_heard else None,
        model=newest.model,
        top=list(top) if is_heard else [],
        scene=_scene_answer(labels.scene),
        labels=[_label_answer(each) for each in labels.labels],
        labels_at=_moment(labels.at_ns),
        note=problem or labels.note,
    )


def last_answer(entry: HeardEntry, top: Sequence[ClassScore]) -> LastPrediction:
    """Returns one of the last predictions."""
    return LastPrediction(
        device_id=entry.device_id,
        at=utc_text(entry.at_ns),
        level_dbfs=_level(entry),
        top=list(top),
    )


def _label_answer(standing: LabelStanding) -> LabelHearing:
    return LabelHearing(
        label=standing.label,
        standing=standing.standing.value,
        sentence=standing.sentence,
        score=None if standing.score is None else round(standing.score, NUM_DIGITS),
        on_score=standing.on_score,
        off_score=standing.off_score,
        event_id=standing.event_id,
        since=_moment(standing.since_ns),
        suppressed_by=standing.suppressed_by,
    )


def _scene_answer(standing: SceneStanding) -> SceneHearing:
    return SceneHearing(
        scene=standing.scene,
        sentence=standing.sentence,
        since=_moment(standing.since_ns),
        leading=standing.leading,
    )


def _moment(at_ns: int | None) -> str | None:
    return None if at_ns is None else utc_text(at_ns)


def _level(entry: HeardEntry) -> float | None:
    return None if entry.level_dbfs is None else round(entry.level_dbfs, 1)

"""What the api answers with about what is heard now."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

_CLASS: dict[str, Any] = {"class_name": "Bark", "score": 0.81}
_LABEL: dict[str, Any] = {
    "label": "Dog",
    "standing": "running",
    "sentence": "0.81, an event for 3.84 s",
    "score": 0.81,
    "on_score": 0.5,
    "off_score": 0.35,
    "event_id": "5f0c9b1e2a7d4c3890ab12cd34ef5678",
    "since": "2026-05-01T03:12:04.120000Z",
    "suppressed_by": "",
}
_SCENE: dict[str, Any] = {
    "scene": "Kitchen",
    "sentence": "Kitchen for 124 s",
    "since": "2026-05-01T03:10:03.000000Z",
    "leading": "",
}
_DEVICE: dict[str, Any] = {
    "device_id": "kitchen",
    "site": "home",
    "tags": ["indoor"],
    "state": "hearing",
    "at": "2026-05-01T03:12:07.960000Z",
    "level_dbfs": -31.2,
    "model": "earshot-default@1",
    "top": [_CLASS],
    "scene": _SCENE,
    "labels": [_LABEL],
    "labels_at": "2026-05-01T03:12:07.960000Z",
    "note": "",
}
_LAST: dict[str, Any] = {
    "device_id": "kitchen",
    "at": "2026-05-01T03:12:07.960000Z",
    "level_dbfs": -31.2,
    "top": [_CLASS],
}


def _example(value: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [value]})


class ClassScore(BaseModel):
    """A class of the model and how sure it is of it."""

    model_config = _example(_CLASS)

    class_name: str = Field(description="Its display name.")
    score: float = Field(ge=0, le=1, description="Of the newest patch, 0.96 s of sound.")


class LabelHearing(BaseModel):
    """How a label stands, and why it is an event or none."""

    model_config = _example(_LABEL)

    label: str = Field(description="Its name.")
    standing: Literal[
        "quiet", "below", "counting", "short", "running", "ending", "masked", "suppressed"
    ] = Field(
        description="`quiet` below `off_score`; `below` under `on_score`; `counting` patches, of "
        "which it takes more; `short` so far; and with an event: `running`, `ending` while it "
        "pauses, `masked` by another label, `suppressed` by a more exact one."
    )
    sentence: str = Field(description="The same for people, with numbers.")
    score: float | None = Field(description="0 to 1; null when there was no sound.")
    on_score: float = Field(ge=0, le=1, description="An event begins at this score.")
    off_score: float = Field(ge=0, le=1, description="An event goes on at this score.")
    event_id: str = Field(description="Of the event that lasts; empty without one.")
    since: str | None = Field(description="When that event began: RFC 3339, UTC.")
    suppressed_by: str = Field(description="Id of the event that suppresses it; empty: none.")


class SceneHearing(BaseModel):
    """Which scene reigns."""

    model_config = _example(_SCENE)

    scene: str = Field(description="Its name; empty when none reigns.")
    sentence: str = Field(description="For people: since when, or what it takes to be one.")
    since: str | None = Field(description="When its reign began: RFC 3339, UTC.")
    leading: str = Field(description="The scene that is likeliest and may take over; or empty.")


class DeviceHearing(BaseModel):
    """What one device hears now."""

    model_config = _example(_DEVICE)

    device_id: str = Field(description="The device.")
    site: str = Field(description="Where it stands; empty when nobody said.")
    tags: list[str] = Field(description="Its tags.")
    state: Literal["hearing", "silent", "away"] = Field(
        description="`silent`: it is there and sends no sound. `away`: it has stopped, or was not "
        "heard of for 25 seconds."
    )
    at: str | None = Field(
        description="The end of the newest patch: RFC 3339, UTC; null when it did not say."
    )
    level_dbfs: float | None = Field(
        description="RMS of the newest patch, dB relative to full scale; null without sound."
    )
    model: str = Field(description="name@version of the model that gave the scores.")
    top: list[ClassScore] = Field(description="The five highest classes, highest first.")
    scene: SceneHearing = Field(description="Which scene reigns.")
    labels: list[LabelHearing] = Field(description="In the order of the taxonomy.")
    labels_at: str | None = Field(
        description="Which moment `labels` and `scene` speak of: the newest that the notifier has "
        "committed; null when it has committed none of what is heard here."
    )
    note: str = Field(description="Why something is missing or late, in a sentence; else empty.")


class LastPrediction(BaseModel):
    """One of the last predictions."""

    model_config = _example(_LAST)

    device_id: str = Field(description="The device.")
    at: str = Field(description="The end of the patch: RFC 3339, UTC.")
    level_dbfs: float | None = Field(description="Its RMS, dB relative to full scale.")
    top: list[ClassScore] = Field(description="The five highest classes, highest first.")


class Hearing(BaseModel):
    """What is heard now."""

    model_config = _example({"devices": [_DEVICE], "last": [_LAST]})

    devices: list[DeviceHearing] = Field(description="In the order of their ids.")
    last: list[LastPrediction] = Field(
        description="The last ten predictions of these devices, newest first."
    )

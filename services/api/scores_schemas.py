"""What the api answers with about the scores of a device over a stretch of time."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

_CHANGE: dict[str, Any] = {
    "at": "2026-05-01T03:12:07.040000Z",
    "standing": "below",
    "sentence": "0.42, needs 0.50",
}
_LABEL: dict[str, Any] = {
    "label": "Dog",
    "on_score": 0.5,
    "off_score": 0.3,
    "score": [0.4214, 0.4102],
    "standings": [_CHANGE],
}
_STRETCH: dict[str, Any] = {
    "session_id": "01JZ8Q4T7M3W5Y9X2C6V1B0N8K",
    "model": "earshot-default@1",
    "embedder": "vggish-compact@1",
    "at": ["2026-05-01T03:12:07.040000Z", "2026-05-01T03:12:08.000000Z"],
    "level_dbfs": [-31.2, -30.8],
    "labels": [_LABEL],
}


def _example(value: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [value]}, populate_by_name=True)


class StandingChange(BaseModel):
    """How a label came to stand, and why it is an event or none."""

    model_config = _example(_CHANGE)

    at: str = Field(description="When the patch begins from which on it holds: RFC 3339, UTC.")
    standing: str = Field(
        description="quiet, below, counting, short: no event yet; running, ending, masked, "
        "suppressed: an event lasts."
    )
    sentence: str = Field(description="Why, with the numbers of that patch.")


class LabelScores(BaseModel):
    """The scores of one label."""

    model_config = _example(_LABEL)

    label: str = Field(description="Its name.")
    on_score: float = Field(ge=0, le=1, description="In force at the device now.")
    off_score: float = Field(ge=0, le=1, description="The same.")
    score: list[float] = Field(description="One for each patch, 0 to 1.")
    standings: list[StandingChange] = Field(
        description="How it stood, by what is in force now: at the first patch, and wherever that "
        "changed."
    )


class ScoredStretch(BaseModel):
    """Patches right after each other. Between stretches sound is missing, or the model changed."""

    model_config = _example(_STRETCH)

    session_id: str = Field(description="The run of the device's source (ULID).")
    model: str = Field(description="name@version that scored it now.")
    embedder: str = Field(description="name@version that made the embeddings.")
    at: list[str] = Field(description="When each patch begins: RFC 3339, UTC; never empty.")
    level_dbfs: list[float] = Field(description="RMS of each patch, dB below full scale.")
    labels: list[LabelScores] = Field(description="In the order of the taxonomy.")


class DeviceScores(BaseModel):
    """What a device's sound scored, from the embeddings that were kept of it."""

    model_config = _example(
        {
            "device_id": "kitchen",
            "from": "2026-05-01T03:12:07.000000Z",
            "to": "2026-05-01T03:12:09.000000Z",
            "patch_s": 0.96,
            "taxonomy_hash": "9a31c04be52d",
            "stretches": [_STRETCH],
            "missing_because": "",
            "notes": [],
        }
    )

    device_id: str = Field(description="The device.")
    from_: str = Field(
        validation_alias="from", serialization_alias="from", description="As asked for."
    )
    to: str = Field(description="The same.")
    patch_s: float = Field(description="How long each patch counts, seconds.")
    taxonomy_hash: str = Field(description="Of the taxonomy in force at the device now.")
    stretches: list[ScoredStretch] = Field(description="By time.")
    missing_because: str = Field(description="One sentence when there are none; else empty.")
    notes: list[str] = Field(
        description="Sentences about the answer, such as that another version of the model scored."
    )

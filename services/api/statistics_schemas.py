"""What the api answers with about many events at once: counts, labels and scenes."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

_COUNTS: dict[str, Any] = {"label": "Dog", "counts": [0, 3], "total": 3}
_LABEL: dict[str, Any] = {
    "label": "Smoke alarm",
    "category": "safety",
    "priority": "critical",
    "on_score": 0.5,
    "off_score": 0.3,
    "start_patches": 2,
    "start_window_patches": 3,
    "min_duration_s": 0.96,
    "merge_gap_s": 5.0,
    "max_duration_s": 600.0,
    "classes": ["Smoke detector, smoke alarm"],
    "subtrees": [],
    "masks": ["Music"],
    "parent": "Alarm",
    "num_events": 2,
}
_SCENE_DEVICE: dict[str, Any] = {"device_id": "kitchen", "since": "2026-05-01T02:58:00.000000Z"}
_SCENE: dict[str, Any] = {
    "scene": "Kitchen",
    "min_score": 0.1,
    "classes": ["Cutlery, silverware"],
    "subtrees": [],
    "devices": [_SCENE_DEVICE],
}


def _example(value: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [value]})


class LabelCounts(BaseModel):
    """How many events of a label began in each hour."""

    model_config = _example(_COUNTS)

    label: str = Field(description="A label, or a scene, that has any.")
    counts: list[int] = Field(description="One for each of `hours`.")
    total: int = Field(ge=0, description="Their sum.")


class HourCounts(BaseModel):
    """How many events began, hour by hour and label by label: a heat map."""

    model_config = _example(
        {
            "zone": "Europe/Berlin",
            "hours": ["2026-05-01T03:00+02:00", "2026-05-01T04:00+02:00"],
            "labels": [_COUNTS],
            "total": 3,
        }
    )

    zone: str = Field(description="Whose hours these are, an IANA zone.")
    hours: list[str] = Field(
        description="When each hour begins, in the zone. One that comes twice, when clocks are put "
        "back, is here twice, with different offsets; one that is skipped is not."
    )
    labels: list[LabelCounts] = Field(description="In the order of their names.")
    total: int = Field(ge=0, description="All of them.")


class Label(BaseModel):
    """A label of the taxonomy: what it is made of, when it becomes an event, how often it did."""

    model_config = _example(_LABEL)

    label: str = Field(description="Its name.")
    category: str = Field(description="Its category.")
    priority: str = Field(description="How severe it is: critical, high, normal or low.")
    on_score: float = Field(ge=0, le=1, description="Score from which it is on.")
    off_score: float = Field(ge=0, le=1, description="Score below which it is off again.")
    start_patches: int = Field(ge=1, description="It starts when so many patches are on …")
    start_window_patches: int = Field(ge=1, description="… of so many.")
    min_duration_s: float = Field(ge=0, description="What is shorter is no event.")
    merge_gap_s: float = Field(ge=0, description="A pause up to this does not end it.")
    max_duration_s: float = Field(ge=0, description="What lasts longer is several events.")
    classes: list[str] = Field(description="Classes of the model that it gathers.")
    subtrees: list[str] = Field(description="Nodes of the ontology below which it gathers all.")
    masks: list[str] = Field(description="Labels whose events it suppresses while it lasts.")
    parent: str = Field(description="A more general label, which it suppresses; empty: none.")
    num_events: int = Field(ge=0, description="How many began in the last 24 hours.")


class LabelList(BaseModel):
    """The labels, in the order of the taxonomy. Overrides may change them at some devices."""

    model_config = _example({"labels": [_LABEL], "taxonomy_hash": "9a31c04be52d7f10"})

    labels: list[Label] = Field(description="All of them.")
    taxonomy_hash: str = Field(description="As in events that this taxonomy decided.")


class SceneDevice(BaseModel):
    """A device that is in a scene."""

    model_config = _example(_SCENE_DEVICE)

    device_id: str = Field(description="The device.")
    since: str = Field(description="When it began: RFC 3339, UTC.")


class Scene(BaseModel):
    """A scene of the taxonomy, and who is in it."""

    model_config = _example(_SCENE)

    scene: str = Field(description="Its name.")
    min_score: float = Field(ge=0, le=1, description="Below it the scene is not recognised.")
    classes: list[str] = Field(description="Classes of the model that it gathers.")
    subtrees: list[str] = Field(description="Nodes of the ontology below which it gathers all.")
    devices: list[SceneDevice] = Field(description="Devices that are in it now, newest first.")


class SceneList(BaseModel):
    """The scenes, in the order of the taxonomy."""

    model_config = _example({"scenes": [_SCENE]})

    scenes: list[Scene] = Field(description="All of them.")

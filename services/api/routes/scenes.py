"""The scenes of the taxonomy, and which devices are in each."""

from __future__ import annotations

from itertools import chain

from fastapi import APIRouter
from sqlalchemy import Engine

from earshot.events.cloud_event import utc_text
from earshot.events.event import SCENE_CATEGORY, EventState
from earshot.store.event_queries import walk_events
from earshot.store.filter import EventFilter
from services.api.dependencies import Database, Known
from services.api.problems import declared
from services.api.statistics_schemas import Scene, SceneDevice, SceneList

router = APIRouter(prefix="/v1/scenes", tags=["taxonomy"])

_NOW = EventFilter(categories=(SCENE_CATEGORY,), states=(EventState.STARTED, EventState.UPDATED))


@router.get("", responses=declared(503))
def list_scenes(known: Known, database: Database) -> SceneList:
    """Lists the scenes and the devices that are in each now."""
    devices = _devices_by_scene(database)
    return SceneList(
        scenes=[
            Scene(
                scene=scene.name,
                min_score=scene.min_score,
                classes=list(scene.classes),
                subtrees=list(scene.subtrees),
                devices=devices.get(scene.name, []),
            )
            for scene in known.scenes.scenes
        ]
    )


def _devices_by_scene(database: Engine) -> dict[str, list[SceneDevice]]:
    found: dict[str, list[SceneDevice]] = {}
    for event in chain.from_iterable(walk_events(database, _NOW)):
        since = utc_text(event.onset_at_ns)
        found.setdefault(event.label, []).append(
            SceneDevice(device_id=event.device_id, since=since)
        )
    return found

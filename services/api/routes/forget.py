"""All that is kept of a device, deleted."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path
from pydantic import BaseModel, ConfigDict, Field

from earshot.store.errors import NoSuchDevice
from earshot.store.forgetting import forget_device
from services.api.auth import Actor, require
from services.api.dependencies import Database
from services.api.parameters import MAX_ID_CHARACTERS
from services.api.problem_handlers import shorten
from services.api.problems import declared

WITHIN_S = 5.0  # so that nobody's patience ends first

router = APIRouter(prefix="/v1/devices", tags=["devices"], dependencies=[require("admin")])

_EXAMPLE: dict[str, Any] = {
    "is_done": True,
    "events": 41,
    "revisions": 87,
    "embeddings": 1440,
    "coverage": 12,
    "sessions": 3,
}


class Forgotten(BaseModel):
    """What was deleted: how many of each."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    is_done: bool = Field(description="False: there is more; ask again to delete it, too.")
    events: int = Field(description="Events.")
    revisions: int = Field(description="Revisions of them.")
    embeddings: int = Field(description="Minutes of embeddings.")
    coverage: int = Field(description="Stretches of time that were heard, silent or lost.")
    sessions: int = Field(description="Sessions.")


@router.delete("/{device_id}/data", responses=declared(404, 422, 503))
def forget_device_data(
    device_id: Annotated[str, Path(description="Its `id`.", max_length=MAX_ID_CHARACTERS)],
    who: Actor,
    database: Database,
) -> Forgotten:
    """Deletes all that is kept of a device, and the device, for good.

    It answers within seconds; `is_done` tells whether to ask again. The broker's streams keep what
    they hold of the device until it is trimmed. If the device is heard again, it is one that nobody
    has registered: with `EARSHOT_UNKNOWN_DEVICES=refuse` it makes no events.
    """
    try:
        forgotten = forget_device(database, device_id, who, WITHIN_S)
    except NoSuchDevice:
        detail = f"nothing is kept of a device with the id {shorten(device_id)}"
        raise HTTPException(404, detail) from None
    counts = {name: forgotten.rows.get(name, 0) for name in _EXAMPLE if name != "is_done"}
    return Forgotten(is_done=forgotten.is_done, **counts)

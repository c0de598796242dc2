"""Devices: the list, and one device."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response

from earshot.store import queries
from services.api.convert import device_answer
from services.api.dependencies import Database
from services.api.links import link_next
from services.api.parameters import MAX_ID_CHARACTERS, PageQuery
from services.api.problem_handlers import shorten
from services.api.problems import declared
from services.api.schemas import Device, DevicePage

router = APIRouter(prefix="/v1/devices", tags=["devices"])


@router.get("", responses=declared(400, 422, 503))
def list_devices(
    query: Annotated[PageQuery, Query()],
    database: Database,
    request: Request,
    response: Response,
) -> DevicePage:
    """Lists devices in the order of their ids."""
    found = queries.list_devices(database, query.limit + 1, after=query.cursor or "")
    page = found[: query.limit]
    next_cursor = page[-1].id if len(found) > query.limit else None
    link_next(request, response, next_cursor)
    return DevicePage(devices=[device_answer(device) for device in page], next=next_cursor)


@router.get("/{device_id}", responses=declared(404, 422, 503))
def get_device(
    device_id: Annotated[str, Path(description="Its `id`.", max_length=MAX_ID_CHARACTERS)],
    database: Database,
) -> Device:
    """Shows a device."""
    device = queries.get_device(database, device_id)
    if device is None:
        raise HTTPException(404, f"no device with the id {shorten(device_id)} has been heard")
    return device_answer(device)

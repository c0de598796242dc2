"""Devices: the list, and one device: shown, registered, changed, removed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from earshot.store import device_changes, devices
from earshot.store.errors import NoSuchDevice, OutdatedVersion
from services.api.auth import Actor, require
from services.api.dependencies import Database
from services.api.device_parameters import DeviceQuery
from services.api.device_schemas import (
    Device,
    DeviceBody,
    DevicePage,
    DevicePatch,
    device_answer,
    said_of,
)
from services.api.etag import IfMatch, etag
from services.api.links import link_next
from services.api.parameters import MAX_ID_CHARACTERS, DeviceId
from services.api.policy import merged
from services.api.problem_handlers import shorten
from services.api.problems import declared

router = APIRouter(prefix="/v1/devices", tags=["devices"])

_KnownId = Annotated[str, Path(description="Its `id`.", max_length=MAX_ID_CHARACTERS)]
_AnyId = Annotated[DeviceId, Path(description="Its `id`: as its sender names it.")]
_OPERATE = [require("operate")]
_MERGE_PATCH: dict[str, Any] = {
    "requestBody": {
        "content": {
            "application/merge-patch+json": {
                "schema": {"$ref": "#/components/schemas/DevicePatch"},
            }
        }
    }
}


@router.get("", responses=declared(400, 422, 503))
def list_devices(
    query: Annotated[DeviceQuery, Query()],
    database: Database,
    request: Request,
    response: Response,
) -> DevicePage:
    """Lists devices in the order of their ids."""
    found = devices.list_devices(database, query.filter(), query.limit + 1, query.cursor or "")
    page = found[: query.limit]
    next_cursor = page[-1].id if len(found) > query.limit else None
    link_next(request, response, next_cursor)
    return DevicePage(devices=[device_answer(device) for device in page], next=next_cursor)


@router.get("/{device_id}", responses=declared(404, 422, 503))
def get_device(device_id: _KnownId, database: Database, response: Response) -> Device:
    """Shows a device; its `ETag` changes with what is said of it, not with what it hears."""
    device = devices.get_device(database, device_id)
    if device is None:
        raise _not_registered(device_id)
    return _answer(device, response)


@router.put(
    "/{device_id}",
    dependencies=_OPERATE,
    responses={
        **declared(412, 413, 422, 503),
        201: {"model": Device, "description": "It is newly registered."},
    },
)
def put_device(
    device_id: _AnyId,
    body: DeviceBody,
    if_version: IfMatch,
    who: Actor,
    database: Database,
    response: Response,
) -> Device:
    """Registers a device, or replaces all that is said of it."""
    said = body.registration()
    with _refusing(device_id):
        device, is_new = device_changes.put_device(database, device_id, said, who, if_version)
    response.status_code = 201 if is_new else 200
    return _answer(device, response)


@router.patch(
    "/{device_id}",
    dependencies=_OPERATE,
    responses=declared(404, 412, 413, 422, 503),
    openapi_extra=_MERGE_PATCH,
)
def patch_device(
    device_id: _KnownId,
    body: DevicePatch,
    if_version: IfMatch,
    who: Actor,
    database: Database,
    response: Response,
) -> Device:
    """Changes some of what is said of a device, by a JSON merge patch (RFC 7396)."""
    patch = body.model_dump(exclude_unset=True)

    def change(said: devices.Registration) -> devices.Registration:
        return _checked(merged(said_of(said), patch)).registration()

    with _refusing(device_id):
        device = device_changes.change_device(database, device_id, change, who, if_version)
    return _answer(device, response)


@router.delete(
    "/{device_id}",
    status_code=204,
    dependencies=_OPERATE,
    responses=declared(404, 412, 422, 503),
)
def delete_device(
    device_id: _KnownId, if_version: IfMatch, who: Actor, database: Database
) -> Response:
    """Takes a device out of the registry: what was said of it is gone, its events stay.

    If it is heard again, it is a device that nobody has registered.
    """
    with _refusing(device_id):
        device_changes.remove_device(database, device_id, who, if_version)
    return Response(status_code=204)


def _answer(device: devices.Device, response: Response) -> Device:
    response.headers["ETag"] = etag(device.version)
    return device_answer(device)


def _checked(document: dict[str, Any]) -> DeviceBody:
    try:
        return DeviceBody.model_validate(document)
    except ValidationError as error:
        problems = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise RequestValidationError(problems) from None


@contextmanager
def _refusing(device_id: str) -> Iterator[None]:
    try:
        yield
    except NoSuchDevice:
        raise _not_registered(device_id) from None
    except OutdatedVersion as error:
        version = str(error)
        now = f"its ETag is now {etag(version)}" if version else "it is not registered"
        raise HTTPException(
            412, f"device {shorten(device_id)} is not what If-Match says: {now}; read it again"
        ) from None


def _not_registered(device_id: str) -> HTTPException:
    return HTTPException(404, f"no device with the id {shorten(device_id)} is registered")

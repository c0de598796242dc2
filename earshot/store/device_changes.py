"""The registry of devices, changed: each change is in the log of changes, or was not made.

Every function may raise StoreUnavailable: the database does not answer, nothing was changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from earshot.store.audit import record
from earshot.store.device_state import DeviceState
from earshot.store.devices import Device, Registration, device_of
from earshot.store.engine import writing
from earshot.store.errors import LedgerConflict, NoSuchDevice, OutdatedVersion
from earshot.store.tables import devices

ANY_VERSION = "*"


def put_device(
    engine: Engine, device_id: str, said: Registration, who: str, if_version: str | None = None
) -> tuple[Device, bool]:
    """Registers a device, or replaces what is said of it.

    Args:
        engine: The database.
        device_id: Its name.
        said: All that is said of it from now on.
        who: For the log of changes.
        if_version: The change is made only to this version, `ANY_VERSION`: to any; None: to any,
            or to none.

    Returns:
        The device, and whether it is newly registered.

    Raises:
        OutdatedVersion: It has another version, which is the message, or is not registered.
    """
    try:
        return _put(engine, device_id, said, who, if_version)
    except LedgerConflict:  # somebody else registered it between our look and our insert
        return _put(engine, device_id, said, who, if_version)


def change_device(
    engine: Engine,
    device_id: str,
    change: Callable[[Registration], Registration],
    who: str,
    if_version: str | None = None,
) -> Device:
    """Changes some of what is said of a device; nobody else changes it meanwhile.

    Args:
        engine: The database.
        device_id: Its name.
        change: From what is said to what shall be; whatever it raises, nothing is changed.
        who: For the log of changes.
        if_version: The change is made only to this version; None: to any.

    Raises:
        NoSuchDevice: It is not registered.
        OutdatedVersion: It has another version.
    """
    with writing(engine) as connection:
        device = _registered(connection, device_id)
        return _replace(connection, device, change(device.registration), who, if_version)


def remove_device(engine: Engine, device_id: str, who: str, if_version: str | None = None) -> None:
    """Takes a device out of the registry: what was said of it is gone, its events stay.

    Raises:
        NoSuchDevice: It is not registered.
        OutdatedVersion: It has another version.
    """
    with writing(engine) as connection:
        device = _registered(connection, device_id)
        _check_version(device, if_version)
        nothing = {"token_hash": None, "first_seen_at_ns": 0, "last_heard_at_ns": 0}
        _store(connection, device_id, Registration(state=DeviceState.REMOVED), **nothing)
        record(connection, who, "device.remove", device_id, _detail(device.registration))


def _put(
    engine: Engine, device_id: str, said: Registration, who: str, if_version: str | None
) -> tuple[Device, bool]:
    with writing(engine) as connection:
        row, device = _locked(connection, device_id)
        if device is not None:
            return _replace(connection, device, said, who, if_version), False
        _check_version(device, if_version)
        if row is not None:
            _store(connection, device_id, said)
        else:
            heard = {"first_seen_at_ns": 0, "last_heard_at_ns": 0}
            connection.execute(insert(devices).values(id=device_id, **heard, **_detail(said)))
        record(connection, who, "device.create", device_id, _detail(said))
        return Device(device_id, said), True


def _locked(connection: Connection, device_id: str) -> tuple[Any, Device | None]:
    """Returns its row, if there is one, and the device, if it is registered."""
    statement = select(devices).where(devices.c.id == device_id)
    # The weakest lock that keeps other writers away: those who store events may go on.
    row = connection.execute(statement.with_for_update(key_share=True)).one_or_none()
    is_registered = row is not None and row.state != DeviceState.REMOVED.value
    return row, device_of(row) if row is not None and is_registered else None


def _registered(connection: Connection, device_id: str) -> Device:
    _, device = _locked(connection, device_id)
    if device is None:
        raise NoSuchDevice(device_id)
    return device


def _replace(
    connection: Connection, device: Device, said: Registration, who: str, if_version: str | None
) -> Device:
    _check_version(device, if_version)
    before, after = _detail(device.registration), _detail(said)
    if before == after:
        return device
    _store(connection, device.id, said)
    changed = {name: value for name, value in after.items() if value != before[name]}
    record(connection, who, "device.update", device.id, changed)
    return Device(device.id, said, device.first_seen_at_ns, device.last_heard_at_ns)


def _check_version(device: Device | None, if_version: str | None) -> None:
    if if_version is None:
        return
    version = device.version if device else ""
    if not version or if_version not in {version, ANY_VERSION}:
        raise OutdatedVersion(version)


def _store(connection: Connection, device_id: str, said: Registration, **further: Any) -> None:
    statement = update(devices).where(devices.c.id == device_id)
    connection.execute(statement.values(**_detail(said), **further))


def _detail(said: Registration) -> dict[str, Any]:
    return {**asdict(said), "tags": list(said.tags), "state": said.state.value}

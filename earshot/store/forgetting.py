"""Deletes all that is kept of a device, and the device: in short transactions, and for good."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Table, delete, select, text, tuple_

from earshot.store.audit import record
from earshot.store.engine import writing
from earshot.store.errors import NoSuchDevice
from earshot.store.old_rows import MAX_EVENTS, MAX_ROWS, delete_events
from earshot.store.tables import coverage, devices, embeddings, events, leases, sessions

# What has the device's id besides its events, in the order of deletion; the device comes last.
_TABLES = (embeddings, coverage, sessions)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What one call deleted.

    Attributes:
        rows: How many rows, by table.
        is_done: Whether nothing is left; else call again.
    """

    rows: dict[str, int]
    is_done: bool


def forget_device(engine: Engine, device_id: str, who: str, within_s: float) -> Forgotten:
    """Deletes events, revisions, embeddings, coverage and sessions of a device, and the device.

    What it deletes is in the log of changes, which stays. A device that still sends is one that
    nobody has registered.

    Args:
        engine: The database.
        device_id: Its name; it may have been removed from the registry before.
        who: For the log of changes.
        within_s: Stops after about that long; then there is more to do.

    Raises:
        NoSuchDevice: Nothing is kept of it.
        StoreUnavailable: The database does not answer. What was deleted before is gone.
    """
    if "\x00" in device_id:
        raise NoSuchDevice(device_id)
    ends_at_s = time.monotonic() + within_s
    rows: Counter[str] = Counter()
    while True:
        began_at_s = time.monotonic()
        with writing(engine) as connection:
            _lock(connection, device_id)
            deleted, is_done = _delete_some(connection, device_id)
            rows.update(deleted)
            is_last = is_done or time.monotonic() >= ends_at_s
            if is_last:
                told = {"deleted": dict(rows), "is_done": is_done}
                record(connection, who, "device.forget", device_id, told)
        if is_last:
            return Forgotten(dict(rows), is_done)
        time.sleep(time.monotonic() - began_at_s)  # as long again for others who want to write


def _lock(connection: Connection, device_id: str) -> None:
    """Keeps notifiers from committing meanwhile, and makes SQLite overwrite what it deletes."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA secure_delete = ON"))
    partitions = select(leases.c.partition).order_by(leases.c.partition)
    connection.execute(partitions.with_for_update()).all()
    mine = select(devices.c.id).where(devices.c.id == device_id)
    if connection.execute(mine.with_for_update()).one_or_none() is None:
        raise NoSuchDevice(device_id)


def _delete_some(connection: Connection, device_id: str) -> tuple[dict[str, int], bool]:
    """Deletes what one transaction may; returns how many rows by table, and whether that is all."""
    mine = select(events.c.event_id).where(events.c.device_id == device_id).limit(MAX_EVENTS)
    deleted = delete_events(connection, connection.execute(mine).scalars().all())
    if deleted["events"] >= MAX_EVENTS:
        return deleted, False
    for table in _TABLES:
        deleted[table.name] = _delete_rows(connection, table, device_id)
        if deleted[table.name] >= MAX_ROWS:
            return deleted, False
    connection.execute(delete(devices).where(devices.c.id == device_id))
    return {**deleted, "devices": 1}, True


def _delete_rows(connection: Connection, table: Table, device_id: str) -> int:
    columns = list(table.primary_key.columns)
    some = select(*columns).correlate(None).where(table.c.device_id == device_id).limit(MAX_ROWS)
    return connection.execute(delete(table).where(tuple_(*columns).in_(some))).rowcount

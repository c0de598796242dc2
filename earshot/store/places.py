"""Where devices stand and how they are tagged: what overrides of the taxonomy go by."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Connection, select

from earshot.store.tables import devices


@dataclass(frozen=True, slots=True)
class Place:
    """What the registry says of a device.

    Attributes:
        site: Where it stands; empty when nobody said.
        tags: In the order in which they were given.
    """

    site: str = ""
    tags: tuple[str, ...] = ()


def stored_places(connection: Connection, device_ids: Collection[str]) -> dict[str, Place]:
    """Returns the places of these devices; those never registered are left out."""
    statement = select(devices.c.id, devices.c.site, devices.c.tags)
    found = connection.execute(statement.where(devices.c.id.in_(device_ids)))
    return {row.id: Place(row.site, tuple(row.tags)) for row in found}

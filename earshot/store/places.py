"""What the notifier goes by: where devices stand, how they are tagged, and whether to hear them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from earshot.store.device_state import DeviceState
from earshot.store.tables import devices


@dataclass(frozen=True, slots=True)
class Place:
    """What the registry says of a device.

    Attributes:
        site: Where it stands; empty when nobody said.
        tags: In the order in which they were given.
        state: Whether its sound shall make events.
        is_unheard: Whether it was registered, and nothing of it was ever taken in since.
    """

    site: str = ""
    tags: tuple[str, ...] = ()
    state: DeviceState = DeviceState.ACTIVE
    is_unheard: bool = False


def stored_places(connection: Connection, device_ids: Collection[str]) -> dict[str, Place]:
    """Returns the places of these devices; those never registered are left out."""
    found = connection.execute(select(devices).where(devices.c.id.in_(device_ids)))
    return {row.id: _place(row) for row in found}


def _place(row: Row[Any]) -> Place:
    state, is_unheard = DeviceState(row.state), row.first_seen_at_ns == 0
    return Place(row.site, tuple(row.tags), state, is_unheard)

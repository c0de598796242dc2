"""What is in force at a device."""

from __future__ import annotations

from sqlalchemy import Engine

from earshot.events.taxonomy import Taxonomy
from earshot.store.devices import get_device


def in_force(engine: Engine, known: Taxonomy, device_id: str) -> Taxonomy:
    """Returns the taxonomy that is in force at a device now."""
    device = get_device(engine, device_id) if known.overrides else None
    if device is None:
        return known.for_device(device_id, "", ())
    return known.for_device(device_id, device.registration.site, device.registration.tags)

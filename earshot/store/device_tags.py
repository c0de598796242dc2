"""The tags that devices have now."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine, select

from earshot.store.engine import reading
from earshot.store.tables import devices


def tags_of(engine: Engine, device_ids: Collection[str]) -> dict[str, frozenset[str]]:
    """Returns the tags of each of these devices; one that is not there has none.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    wanted = select(devices.c.id, devices.c.tags).where(devices.c.id.in_(device_ids))
    with reading(engine) as connection:
        found = {row.id: frozenset(row.tags) for row in connection.execute(wanted)}
    return {device_id: found.get(device_id, frozenset()) for device_id in device_ids}

"""The registry of devices: what is known of each, read. For changes see `device_changes`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Engine, Row, Text, exists, func, or_, select, type_coerce

from earshot.store.device_state import DeviceState
from earshot.store.engine import reading
from earshot.store.errors import BadQuery
from earshot.store.tables import devices

MAX_LIMIT = 1000
REGISTERED = (DeviceState.ACTIVE, DeviceState.DISABLED)


@dataclass(frozen=True, slots=True)
class Registration:
    """What people say of a device.

    Attributes:
        site: Where it stands; empty when nobody said.
        tags: Free words about it, in the order in which they were given.
        policy: What may be done with its sound; empty for the deployment's default.
        state: Active or disabled.
    """

    site: str = ""
    tags: tuple[str, ...] = ()
    policy: dict[str, Any] = field(default_factory=dict)
    state: DeviceState = DeviceState.ACTIVE


@dataclass(frozen=True, slots=True)
class Device:
    """A device, as it is registered and as it was heard.

    Attributes:
        id: Its name.
        registration: What people say of it.
        first_seen_at_ns: Capture time of its first message, UTC nanoseconds; 0 without one.
        last_heard_at_ns: Capture time of its newest message, UTC nanoseconds; 0 without one.
            It may lag behind by 5 s while a session of it is open.
    """

    id: str
    registration: Registration
    first_seen_at_ns: int = 0
    last_heard_at_ns: int = 0

    @property
    def version(self) -> str:
        """Sixteen digits that change with the registration; being heard does not change them."""
        said = self.registration
        parts = [said.site, said.tags, said.policy, said.state.value]
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class DeviceFilter:
    """What a device must be to be listed; empty fields ask for nothing.

    Attributes:
        sites: At one of these sites.
        tags: With one of these tags.
        states: In one of these states; those registered unless others are named.
        text: With this in its id, its site or a tag; the letters a to z in either case.
        last_heard_before_ns: Not heard since then, or never; UTC nanoseconds.

    Raises:
        BadQuery: A text that the database cannot hold, or a time out of its range.
    """

    sites: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    states: tuple[DeviceState, ...] = REGISTERED
    text: str = ""
    last_heard_before_ns: int | None = None

    def __post_init__(self) -> None:
        if any("\x00" in text for text in (*self.sites, *self.tags, self.text)):
            raise BadQuery("site, tag, text: the character NUL is not allowed")
        if not -(2**63) < (self.last_heard_before_ns or 0) < 2**63:
            raise BadQuery("last_heard_before: out of range; allowed: years 1678-2262")


def list_devices(
    engine: Engine, query: DeviceFilter | None = None, limit: int = 1000, after: str = ""
) -> tuple[Device, ...]:
    """Returns devices by id, those after the id `after`.

    Raises:
        BadQuery: A limit outside 1 to 1000, or an `after` that no id can be.
        StoreUnavailable: The database does not answer.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise BadQuery(f"limit: {limit} is out of range; allowed: 1 to {MAX_LIMIT}")
    if "\x00" in after:
        raise BadQuery("after: the character NUL is not allowed")
    conditions = _conditions(query or DeviceFilter(), engine.dialect.name)
    statement = select(devices).where(devices.c.id > after, *conditions)
    with reading(engine) as connection:
        found = connection.execute(statement.order_by(devices.c.id).limit(limit)).all()
    return tuple(device_of(row) for row in found)


def get_device(engine: Engine, device_id: str) -> Device | None:
    """Returns one device, or None when it is not registered, or not any more.

    Raises:
        StoreUnavailable: The database does not answer.
    """
    if "\x00" in device_id:
        return None
    with reading(engine) as connection:
        row = connection.execute(select(devices).where(devices.c.id == device_id)).one_or_none()
    device = device_of(row) if row else None
    return device if device and device.registration.state in REGISTERED else None


def device_of(row: Row[Any]) -> Device:
    """Returns the device that one row of `devices` holds."""
    said = Registration(row.site, tuple(row.tags), row.policy, DeviceState(row.state))
    return Device(row.id, said, row.first_seen_at_ns, row.last_heard_at_ns)


def _conditions(query: DeviceFilter, dialect: str) -> list[ColumnElement[bool]]:
    state, site, heard_at_ns = devices.c.state, devices.c.site, devices.c.last_heard_at_ns
    before_ns = query.last_heard_before_ns
    states = [each.value for each in query.states]
    conditions: list[ColumnElement[bool]] = [state.in_(states)]
    if query.sites:
        conditions.append(site.in_(query.sites))
    tag = _tags(dialect)
    if query.tags:
        conditions.append(exists().where(tag.in_(query.tags)))
    if query.text:
        said = [text.icontains(query.text, autoescape=True) for text in (devices.c.id, site, tag)]
        conditions.append(or_(said[0], said[1], exists().where(said[2])))
    if before_ns is not None:
        conditions.append(heard_at_ns < before_ns)
    return conditions


def _tags(dialect: str) -> ColumnElement[str]:
    """Returns the column of a table of a device's tags, which the two databases name otherwise."""
    elements = func.json_each if dialect == "sqlite" else func.json_array_elements_text
    return type_coerce(elements(devices.c.tags).table_valued("value").c.value, Text)

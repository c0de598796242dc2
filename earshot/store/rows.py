"""Sound events as rows of `events`, and back."""

from __future__ import annotations

from dataclasses import fields
from enum import Enum
from typing import Any, get_type_hints

from sqlalchemy import RowMapping

from earshot.events.event import SoundEvent

FIELD_NAMES = tuple(field.name for field in fields(SoundEvent))
_ENUMS = {
    name: kind
    for name, kind in get_type_hints(SoundEvent).items()
    if isinstance(kind, type) and issubclass(kind, Enum)
}


def to_row(event: SoundEvent) -> dict[str, Any]:
    """Returns the values of one row of `events`."""
    row = {name: getattr(event, name) for name in FIELD_NAMES}
    for name in _ENUMS:
        row[name] = row[name].value
    row["models"] = list(event.models)
    return row


def from_row(row: RowMapping) -> SoundEvent:
    """Returns the event that one row of `events` holds."""
    values: dict[str, Any] = {name: row[name] for name in FIELD_NAMES}
    for name, kind in _ENUMS.items():
        values[name] = kind(row[name])
    values["models"] = tuple(row["models"])
    return SoundEvent(**values)

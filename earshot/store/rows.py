"""Sound events as rows of `events`, and back."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from sqlalchemy import RowMapping

from earshot.events.event import EventState, Granularity, Origin, SoundEvent

FIELD_NAMES = tuple(field.name for field in fields(SoundEvent))


def to_row(event: SoundEvent) -> dict[str, Any]:
    """Returns the values of one row of `events`."""
    row = {name: getattr(event, name) for name in FIELD_NAMES}
    row["state"] = event.state.value
    row["granularity"] = event.granularity.value
    row["origin"] = event.origin.value
    row["models"] = list(event.models)
    return row


def from_row(row: RowMapping) -> SoundEvent:
    """Returns the event that one row of `events` holds."""
    values: dict[str, Any] = {name: row[name] for name in FIELD_NAMES}
    values["state"] = EventState(row["state"])
    values["granularity"] = Granularity(row["granularity"])
    values["origin"] = Origin(row["origin"])
    values["models"] = tuple(row["models"])
    return SoundEvent(**values)

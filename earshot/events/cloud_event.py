"""A revision of a sound event as CloudEvents 1.0 JSON: what the events stream and receivers get.

    {"specversion": "1.0",
     "id": "<event_id>.<revision>",                  the same at every delivery of this revision
     "source": "earshot/<device_id>",
     "type": "earshot.sound_event.v1.<state>",       started, updated, ended
     "subject": "<event_id>",                        the same for all revisions of an event
     "time": "2026-05-01T03:12:07.000000Z",          of the change: the onset, later the offset
     "datacontenttype": "application/json",
     "data": {…}}

`data` has every field of `SoundEvent` under its name, and `onset_at` and `offset_at` beside
`onset_at_ns` and `offset_at_ns`: RFC 3339 in UTC, cut to microseconds, for readers whose numbers
do not hold nanoseconds. Specification: https://github.com/cloudevents/spec/tree/v1.0.2.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

from earshot.events.errors import BadEvent
from earshot.events.event import EndReason, EventState, Granularity, Origin, SoundEvent

TYPE_PREFIX = "earshot.sound_event.v1."
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIELD_NAMES = tuple(field.name for field in fields(SoundEvent))


def encode(event: SoundEvent) -> str:
    """Returns the CloudEvents JSON object of a revision, in one line of ASCII."""
    started = event.state is EventState.STARTED
    changed_at_ns = event.onset_at_ns if started else event.offset_at_ns
    envelope = {
        "specversion": "1.0",
        "id": event.revision_id,
        "source": f"earshot/{quote(event.device_id, safe=':')}",
        "type": TYPE_PREFIX + event.state.value,
        "subject": event.event_id,
        "time": utc_text(changed_at_ns),
        "datacontenttype": "application/json",
        "data": _data(event),
    }
    return json.dumps(envelope, separators=(",", ":"), allow_nan=False)


def decode(body: str | bytes) -> SoundEvent:
    """Returns the revision that `encode` wrote; fields it does not know are left out.

    Raises:
        BadEvent: Not such a JSON object.
    """
    try:
        data = json.loads(body)["data"]
        values: dict[str, Any] = {name: data[name] for name in _FIELD_NAMES if name in data}
        values["state"] = EventState(data["state"])
        values["granularity"] = Granularity(data["granularity"])
        values["origin"] = Origin(data["origin"])
        values["end_reason"] = EndReason(data.get("end_reason", ""))
        values["models"] = tuple(data["models"])
        return SoundEvent(**values)
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadEvent(f"not a sound event in CloudEvents JSON: {error!r}") from error


def utc_text(moment_ns: int) -> str:
    """Returns a moment as RFC 3339 in UTC, cut to microseconds.

    Args:
        moment_ns: Nanoseconds since 1970.
    """
    moment = _EPOCH + timedelta(microseconds=moment_ns // 1000)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _data(event: SoundEvent) -> dict[str, Any]:
    values = {name: getattr(event, name) for name in _FIELD_NAMES}
    values["state"] = event.state.value
    values["granularity"] = event.granularity.value
    values["origin"] = event.origin.value
    values["end_reason"] = event.end_reason.value
    values["models"] = list(event.models)
    values["onset_at"] = utc_text(event.onset_at_ns)
    values["offset_at"] = utc_text(event.offset_at_ns)
    return values

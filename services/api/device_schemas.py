"""Devices as the api takes and shows them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from earshot.events.cloud_event import utc_text
from earshot.store import devices
from earshot.store.device_state import DeviceState
from services.api.policy import Policy

MAX_TAGS = 32
_NO_CONTROL_CHARACTERS = r"^[^\x00-\x1f\x7f]*$"
_EXAMPLE: dict[str, Any] = {"site": "home", "tags": ["indoor"], "policy": {}, "state": "active"}
_DEVICE_EXAMPLE: dict[str, Any] = {
    "id": "kitchen",
    **_EXAMPLE,
    "first_seen_at": "2026-04-30T18:00:00.000000Z",
    "last_heard_at": "2026-05-01T03:12:31.040000Z",
}


def _once(tags: list[str]) -> list[str]:
    return list(dict.fromkeys(tags))


Site = Annotated[str, StringConstraints(max_length=100, pattern=_NO_CONTROL_CHARACTERS)]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_NO_CONTROL_CHARACTERS)]
Tags = Annotated[list[Tag], Field(max_length=MAX_TAGS), AfterValidator(_once)]


def _example(value: dict[str, Any]) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [value]})


class DeviceBody(BaseModel):
    """All that can be said of a device; what is left out is as if it had never been said."""

    model_config = ConfigDict(extra="forbid", **_example(_EXAMPLE))

    site: Site = Field("", description="Where it stands; empty: nobody says.")
    tags: Tags = Field([], description="Free words about it; one that is repeated counts once.")
    policy: Policy = Field(
        {},
        description="What may be done with its sound. `keep_embeddings`: false keeps none of its "
        "embeddings; other members have no meaning yet. At most 8 KiB.",
    )
    state: Literal["active", "disabled"] = Field(
        "active", description="`disabled`: what it sends makes no events."
    )

    def registration(self) -> devices.Registration:
        """Returns it as the store takes it."""
        state = DeviceState(self.state)
        return devices.Registration(self.site, tuple(self.tags), self.policy, state)


class DevicePatch(BaseModel):
    """What to change of a device (RFC 7396): null takes back what was said."""

    model_config = ConfigDict(extra="forbid", **_example({"site": "office", "policy": None}))

    site: Site | None = Field(None, description="Where it stands.")
    tags: Tags | None = Field(None, description="Replaces all its tags.")
    policy: Policy | None = Field(None, description="Merged member by member.")
    state: Literal["active", "disabled"] | None = Field(None, description="See PUT.")


class Device(BaseModel):
    """A device."""

    model_config = _example(_DEVICE_EXAMPLE)

    id: str = Field(description="Its name.")
    site: str = Field(description="Where it stands; empty when nobody said.")
    tags: list[str] = Field(description="Free words about it.")
    policy: dict[str, Any] = Field(description="What may be done with its sound; empty: default.")
    state: Literal["active", "disabled", "removed"] = Field(
        description="`disabled`: what it sends makes no events. `removed`: its events are left."
    )
    first_seen_at: str | None = Field(
        description="When its first message was captured: RFC 3339, UTC; null: never, or unsaid."
    )
    last_heard_at: str | None = Field(description="The same of its newest message.")


class DevicePage(BaseModel):
    """Some devices, by id."""

    model_config = _example({"devices": [_DEVICE_EXAMPLE], "next": "kitchen"})

    devices: list[Device] = Field(description="In the order of their ids.")
    next: str | None = Field(description="Cursor of the next page; null on the last one.")


def said_of(registration: devices.Registration) -> dict[str, Any]:
    """Returns what is said of a device as the members of a `DeviceBody`."""
    return {
        "site": registration.site,
        "tags": list(registration.tags),
        "policy": registration.policy,
        "state": registration.state.value,
    }


def device_answer(device: devices.Device) -> Device:
    """Returns a device as the api shows it."""
    return Device(
        id=device.id,
        **said_of(device.registration),
        first_seen_at=_moment(device.first_seen_at_ns),
        last_heard_at=_moment(device.last_heard_at_ns),
    )


def _moment(moment_ns: int) -> str | None:
    return utc_text(moment_ns) if moment_ns else None

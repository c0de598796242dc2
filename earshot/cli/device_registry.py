"""The registry of devices, changed through the API: by what it was when it was read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from earshot.cli.api_errors import ApiAway
from earshot.cli.rest_api import RestApi

PATH = "/v1/devices"
ATTEMPTS = 5
NOT_FOUND, PRECONDITION_FAILED, CREATED = 404, 412, 201


@dataclass(frozen=True, slots=True)
class Change:
    """What to say of a device.

    Attributes:
        site: None leaves it as it is.
        state: None leaves it as it is.
        tags: To add.
        untags: To take away.
    """

    site: str | None = None
    state: str | None = None
    tags: Sequence[str] = ()
    untags: Sequence[str] = ()

    def body(self, tags: Sequence[str]) -> dict[str, Any]:
        """Returns what to send to the API for a device with these tags."""
        said = {"site": self.site, "state": self.state}
        kept = [tag for tag in (*tags, *self.tags) if tag not in self.untags]
        return {
            **{name: value for name, value in said.items() if value is not None},
            "tags": list(dict.fromkeys(kept)),
        }


def apply_change(api: RestApi, device_id: str, change: Change) -> tuple[dict[str, Any], bool]:
    """Changes a device, or registers it.

    Somebody else's change in between is kept: what was read is then read again.

    Returns:
        The device as the API shows it, and whether it is newly registered.

    Raises:
        ApiAway: It does not answer, or the device was changed each time it was read.
        ApiRefused: It does not take the change.
    """
    path = f"{PATH}/{device_id}"
    for _ in range(ATTEMPTS):
        found = api.ask("GET", path, also=(NOT_FOUND,))
        if found.status_code == NOT_FOUND:
            made = api.ask("PUT", path, change.body(()))
            return made.json(), made.status_code == CREATED
        seen = {"If-Match": found.headers.get("ETag", "*")}
        body = change.body(found.json()["tags"])
        changed = api.ask("PATCH", path, body, seen, also=(NOT_FOUND, PRECONDITION_FAILED))
        if changed.is_success:
            return changed.json(), False
    raise ApiAway(f"device {device_id} is being changed by others all the time")

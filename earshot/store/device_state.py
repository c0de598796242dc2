"""What may become of a device's sound."""

from __future__ import annotations

from enum import Enum


class DeviceState(Enum):
    """As the registry says it.

    * `ACTIVE`: its sound makes events.
    * `DISABLED`: it makes none, until the device is active again.
    * `REMOVED`: as if it had never been registered; its events are still there.
    """

    ACTIVE = "active"
    DISABLED = "disabled"
    REMOVED = "removed"

"""Settings of the notifier service."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from earshot.settings import (
    DatabaseSettings,
    ModelSettings,
    ObservabilitySettings,
    StreamSettings,
    TaxonomySettings,
)

LEASE_S = 10.0
CLOSE_AFTER_S = 60.0  # without any message of a session, its events are ended by the wall clock


class NotifierSettings(
    StreamSettings, ModelSettings, TaxonomySettings, DatabaseSettings, ObservabilitySettings
):
    """What the notifier service reads.

    Attributes:
        notifier_lease_s: A notifier that gives no sign of life for so long is taken over by
            another, if one stands by. More than `claim_idle_s`, and less than the 60 s after
            which silence of a device ends its events.
        unknown_devices: What becomes of devices that nobody has registered: `accept` registers
            them when they are first heard, `refuse` makes no events of what they send.
    """

    notifier_lease_s: float = Field(default=LEASE_S, gt=0)
    unknown_devices: Literal["accept", "refuse"] = "accept"

    @model_validator(mode="after")
    def _each_wait_ends_before_the_next(self) -> Self:
        if not self.claim_idle_s < self.notifier_lease_s < CLOSE_AFTER_S:
            raise ValueError(
                f"EARSHOT_NOTIFIER_LEASE_S={self.notifier_lease_s:g}: must be more than "
                f"EARSHOT_CLAIM_IDLE_S={self.claim_idle_s:g} and less than {CLOSE_AFTER_S:g}"
            )
        return self

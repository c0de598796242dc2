"""Settings of the notifier service."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from earshot.settings import (
    DatabaseSettings,
    DeviceSettings,
    ModelSettings,
    ObservabilitySettings,
    RetentionSettings,
    StreamSettings,
    TaxonomySettings,
)

LEASE_S = 10.0


class NotifierSettings(
    StreamSettings,
    ModelSettings,
    TaxonomySettings,
    DatabaseSettings,
    RetentionSettings,
    DeviceSettings,
    ObservabilitySettings,
):
    """What the notifier service reads.

    Attributes:
        notifier_lease_s: A notifier that gives no sign of life for so long is taken over by
            another, if one stands by. More than `claim_idle_s`, and less than `close_after_s`.
    """

    notifier_lease_s: float = Field(default=LEASE_S, gt=0)

    @model_validator(mode="after")
    def _each_wait_ends_before_the_next(self) -> Self:
        if not self.claim_idle_s < self.notifier_lease_s < self.close_after_s:
            raise ValueError(
                f"EARSHOT_NOTIFIER_LEASE_S={self.notifier_lease_s:g}: must be more than "
                f"EARSHOT_CLAIM_IDLE_S={self.claim_idle_s:g} and less than "
                f"EARSHOT_CLOSE_AFTER_S={self.close_after_s:g}"
            )
        return self

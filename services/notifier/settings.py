"""Settings of the notifier service."""

from __future__ import annotations

from earshot.settings import (
    DatabaseSettings,
    ModelSettings,
    ObservabilitySettings,
    StreamSettings,
    TaxonomySettings,
)


class NotifierSettings(
    StreamSettings, ModelSettings, TaxonomySettings, DatabaseSettings, ObservabilitySettings
):
    """What the notifier service reads: nothing of its own."""

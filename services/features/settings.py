"""Settings of the features service."""

from __future__ import annotations

from pydantic import Field

from earshot.settings import ModelSettings, ObservabilitySettings, StreamSettings


class FeaturesSettings(StreamSettings, ModelSettings, ObservabilitySettings):
    """What the features service reads.

    Attributes:
        features_batch_chunks: Chunks per read at most; their patches are embedded together.
    """

    features_batch_chunks: int = Field(default=32, ge=1, le=256)

"""Settings of the capture service."""

from __future__ import annotations

from pydantic import Field

from earshot.audio.params import FLOOR_DBFS
from earshot.settings import ObservabilitySettings, StreamSettings
from services.capture.chunker import SILENT_DBFS


class CaptureSettings(StreamSettings, ObservabilitySettings):
    """What the capture service reads.

    Attributes:
        capture_patches_per_chunk: 1 for the shortest delay; more for less overhead per patch.
        capture_silent_dbfs: Chunks at or below this RMS level are flagged as silent.
    """

    capture_patches_per_chunk: int = Field(default=1, ge=1, le=64)
    capture_silent_dbfs: float = Field(default=SILENT_DBFS, ge=FLOOR_DBFS, le=0)

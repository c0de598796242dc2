"""A patch as the trackers see it: where it stands, when it was, how loud it is."""

from __future__ import annotations

from typing import NamedTuple

from earshot.audio.params import PATCH_HOP_SAMPLES, SAMPLE_RATE_HZ

NS_PER_SAMPLE = 1_000_000_000 // SAMPLE_RATE_HZ  # 62,500: no remainder
PATCH_HOP_NS = PATCH_HOP_SAMPLES * NS_PER_SAMPLE


class Patch(NamedTuple):
    """One patch, which counts for 15,360 samples: up to where the next one begins.

    Attributes:
        first_sample: Index at 16 kHz from the session's start.
        at_ns: UTC of `first_sample`, nanoseconds since 1970.
        level_dbfs: RMS, dB relative to full scale.
    """

    first_sample: int
    at_ns: int
    level_dbfs: float

    @property
    def end_sample(self) -> int:
        """First sample after it."""
        return self.first_sample + PATCH_HOP_SAMPLES

    @property
    def end_at_ns(self) -> int:
        """UTC of `end_sample`."""
        return self.at_ns + PATCH_HOP_NS

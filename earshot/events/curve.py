"""The scores of one label over a stretch of a session, scored again from what was kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earshot.audio.params import PATCH_HOP_SAMPLES
from earshot.events.patch import PATCH_HOP_NS, Patch


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Patches of one session, oldest first, with gaps where sound was lost; one at least.

    Attributes:
        first_samples: int64 (n,), index at 16 kHz of each patch's first sample; they rise.
        at_ns: int64 (n,), UTC of these.
        levels_dbfs: float32 (n,).
        class_names: Display names of the m classes that the label gathers.
        class_scores: float16 (n, m), 0 to 1, as the tracker got them; m is 1 or more.
    """

    first_samples: NDArray[np.int64]
    at_ns: NDArray[np.int64]
    levels_dbfs: NDArray[np.float32]
    class_names: tuple[str, ...]
    class_scores: NDArray[np.float16]

    def __len__(self) -> int:
        """Number of patches."""
        return len(self.first_samples)

    @property
    def scores(self) -> NDArray[np.float16]:
        """float16 (n,), of the label: the highest of its classes."""
        highest: NDArray[np.float16] = self.class_scores.max(axis=1)
        return highest

    def position(self, first_sample: int) -> int | None:
        """Returns which patch begins at this sample; None when none does."""
        index = int(np.searchsorted(self.first_samples, first_sample))
        return index if index < len(self) and self.first_samples[index] == first_sample else None

    def unbroken_from(self, index: int) -> Iterator[tuple[Patch, float]]:
        """Yields the patches from this one on, each with the label's score, up to a gap."""
        scores = self.scores
        expected = self.first_samples[index]
        for position in range(index, len(self)):
            if self.first_samples[position] != expected:
                return
            expected += PATCH_HOP_SAMPLES
            yield self._patch(position), float(scores[position])

    def gaps_ns(self) -> list[tuple[int, int]]:
        """Returns where sound is missing between patches: UTC of each begin and end."""
        breaks = np.flatnonzero(np.diff(self.first_samples) != PATCH_HOP_SAMPLES)
        return [(int(self.at_ns[i]) + PATCH_HOP_NS, int(self.at_ns[i + 1])) for i in breaks]

    def _patch(self, position: int) -> Patch:
        return Patch(
            int(self.first_samples[position]),
            int(self.at_ns[position]),
            float(self.levels_dbfs[position]),
        )

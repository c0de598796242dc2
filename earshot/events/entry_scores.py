"""The scores of one entry: checked, then patch by patch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from earshot.audio.params import PATCH_HOP_SAMPLES
from earshot.contracts.messages import Header
from earshot.events.errors import BadScores
from earshot.events.patch import PATCH_HOP_NS, Patch
from earshot.events.score_range import are_scores


@dataclass(frozen=True, slots=True, eq=False)
class EntryScores:
    """What `Tracker.advance` gets of an entry, see there.

    Attributes:
        header: Of the entry.
        labels: float16 (num_patches, num_labels).
        level_dbfs: float32 (num_patches,).
        scenes: float16 (num_patches, num_scenes), or None.
    """

    header: Header
    labels: NDArray[np.float16]
    level_dbfs: NDArray[np.float32]
    scenes: NDArray[np.float16] | None

    def __len__(self) -> int:
        """Number of patches."""
        return len(self.level_dbfs)

    def check(self, num_labels: int, num_scenes: int) -> None:
        """Refuses what no model gives.

        Raises:
            BadScores: Shapes that do not fit, a scene score outside 0 to 1, or a level that is no
                number.
        """
        self._check_shape("label", self.labels, num_labels)
        if self.scenes is not None:
            self._check_shape("scene", self.scenes, num_scenes)
            if not are_scores(self.scenes):
                raise BadScores("a scene score is not from 0 to 1")
        if not all(map(isfinite, self.level_dbfs.tolist())):  # few: numpy takes ten times as long
            raise BadScores("a level is not a finite number")

    def patches(self) -> Iterator[tuple[Patch, list[float], list[float]]]:
        """Yields each patch with its label scores and its scene scores, which may be none."""
        sample, at_ns = self.header.first_sample, self.header.captured_at_ns
        labels, levels = self.labels.tolist(), self.level_dbfs.tolist()
        scenes = [[]] * len(self) if self.scenes is None else self.scenes.tolist()
        for of_labels, level, of_scenes in zip(labels, levels, scenes, strict=True):
            yield Patch(sample, at_ns, level), of_labels, of_scenes
            sample += PATCH_HOP_SAMPLES
            at_ns += PATCH_HOP_NS

    def _check_shape(self, name: str, scores: NDArray[np.float16], num_columns: int) -> None:
        if scores.shape != (len(self), num_columns):
            shape = "x".join(map(str, scores.shape))
            raise BadScores(f"{name} scores are {shape}, levels {len(self)}")

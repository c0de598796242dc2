"""From the stretches of one recording to segments of codes, by the product's front end."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from earshot.audio.mel import patches
from earshot.audio.params import PATCH_HOP_SAMPLES, PATCH_SAMPLES, SAMPLE_RATE_HZ
from earshot.embedding.embedder import Embedder
from training.dataset.cutting import Span, cut, is_kept
from training.dataset.errors import UnreadableRecording
from training.dataset.example import Segment
from training.dataset.problems import Problems
from training.dataset.recording import decode_pcm
from training.dataset.stretch import Problem, Stretch

# Label files give ends rounded, and lossy formats lengthen or shorten a little.
_TOLERANCE_S = 0.05
_IN_NO_SEGMENT = (
    "is heard only at the end of the stretches it overlaps, in less than half a patch "
    f"({PATCH_HOP_SAMPLES / 2 / SAMPLE_RATE_HZ:g} s), which is in no segment"
)


class SegmentMaker:
    """Makes the segments of one recording after the other.

    Args:
        embedder: Makes the codes.
        patches_per_segment: The most a segment may have.
        problems: Where what is left out is noted.
    """

    def __init__(self, embedder: Embedder, patches_per_segment: int, problems: Problems) -> None:
        self._embedder, self._problems = embedder, problems
        self._patches_per_segment = patches_per_segment

    def make(self, path: Path, stretches: Sequence[Stretch]) -> Iterator[Segment]:
        """Yields the segments of a recording; a recording below 0.975 s is padded with silence.

        Args:
            path: The recording.
            stretches: All that is said about it, at least one.

        Raises:
            BadInput: Something had to be left out and may not.
        """
        try:
            pcm = decode_pcm(path)
        except UnreadableRecording as error:
            self._problems.add(Problem(str(path), str(error)))
            return
        placed = list(self._placed(stretches, pcm.size))
        if not placed:
            return
        cuts = cut([span for _, span in placed], pcm.size, self._patches_per_segment)
        for stretch, span in placed:
            if span.labels and not is_kept(span, cuts):
                self._problems.add(Problem(stretch.place, _IN_NO_SEGMENT))
        for each in cuts:
            codes = self._embedder.embed(patches(_padded(pcm[each.start_sample : each.end_sample])))
            start_s, end_s = each.start_sample / SAMPLE_RATE_HZ, each.end_sample / SAMPLE_RATE_HZ
            yield Segment(stretches[0].recording_id, start_s, end_s, each.labels, codes)

    def _placed(
        self, stretches: Sequence[Stretch], num_samples: int
    ) -> Iterator[tuple[Stretch, Span]]:
        duration_s = num_samples / SAMPLE_RATE_HZ
        for stretch in stretches:
            end_s = duration_s if stretch.end_s is None else stretch.end_s
            if stretch.start_s >= duration_s or end_s > duration_s + _TOLERANCE_S:
                reason = (
                    f"from {stretch.start_s:g} s to {end_s:g} s is past the end "
                    f"of {stretch.path.name}, {duration_s:.2f} s"
                )
                self._problems.add(Problem(stretch.place, reason))
            else:
                start = round(stretch.start_s * SAMPLE_RATE_HZ)
                end = min(round(end_s * SAMPLE_RATE_HZ), num_samples)
                yield stretch, Span(start, max(end, start + 1), stretch.labels)


def _padded(pcm: NDArray[np.int16]) -> NDArray[np.int16]:
    return np.pad(pcm, (0, max(0, PATCH_SAMPLES - pcm.size)))

"""From labelled stretches of one recording to segments of whole patches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from earshot.audio.framing import chunk_samples, num_patches
from earshot.audio.params import PATCH_HOP_SAMPLES, PATCH_SAMPLES


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled stretch in samples at 16 kHz: first, and the one after the last."""

    start: int
    end: int
    labels: tuple[str, ...]


def cut(spans: Sequence[Span], num_samples: int, patches_per_segment: int) -> list[Span]:
    """Returns the segments of a recording, each with the labels of all that is heard in it.

    Stretches that overlap are one region. A region shorter than a patch is widened to one by the
    sound around it. A region is cut into segments, as patches are in a live stream: the next
    begins a whole number of patches later, and what is left at the end, less than a patch, is in
    none. A segment has the labels of the stretches that are in it for half a patch or more, or for
    half of their own length.

    Args:
        spans: Stretches inside the recording, in any order.
        num_samples: Of the recording. Below 15,600 the one segment is the whole recording, shorter
            than a patch.
        patches_per_segment: 1 or more.
    """
    segments = []
    for start, end in _regions(spans):
        first, last = _widened(start, end, num_samples)
        count = max(1, num_patches(last - first))
        for index in range(0, count, patches_per_segment):
            begin = first + index * PATCH_HOP_SAMPLES
            wanted = begin + chunk_samples(min(patches_per_segment, count - index))
            stop = min(wanted, num_samples)
            segments.append(Span(begin, stop, _labels_within(spans, begin, stop)))
    return segments


def _regions(spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    ordered = sorted(spans, key=lambda span: span.start)
    start, end = ordered[0].start, ordered[0].end
    for span in ordered[1:]:
        if span.start >= end:
            yield start, end
            start = span.start
        end = max(end, span.end)
    yield start, end


def _widened(start: int, end: int, num_samples: int) -> tuple[int, int]:
    """Grows to a patch on both sides alike, as far as there is sound."""
    missing = PATCH_SAMPLES - (end - start)
    if missing <= 0:
        return start, end
    first = max(0, min(start - missing // 2, num_samples - PATCH_SAMPLES))
    return first, min(first + PATCH_SAMPLES, num_samples)


def _labels_within(spans: Sequence[Span], begin: int, stop: int) -> tuple[str, ...]:
    labels: set[str] = set()
    for span in spans:
        common = min(span.end, stop) - max(span.start, begin)
        if 2 * common >= min(PATCH_HOP_SAMPLES, span.end - span.start):
            labels.update(span.labels)
    return tuple(sorted(labels))

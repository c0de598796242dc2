"""From labelled stretches of one recording to segments of whole patches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from earshot.audio.framing import chunk_samples, num_patches
from earshot.audio.params import PATCH_HOP_SAMPLES, PATCH_SAMPLES


@dataclass(frozen=True, slots=True)
class Span:
    """A labelled stretch in samples at 16 kHz: its first, and the one after its last."""

    start_sample: int
    end_sample: int
    labels: tuple[str, ...]


def cut(spans: Sequence[Span], num_samples: int, patches_per_segment: int) -> list[Span]:
    """Returns the segments of a recording, each with the labels of all that is heard in it.

    Stretches that overlap are one region. A region shorter than a patch is widened to one by the
    sound around it. A region is cut into segments, as patches are in a live stream: the next
    begins a whole number of patches later. What is left at the end is less than a patch: from half
    a patch on, the region's last patch is a segment, too, and overlaps the one before; below, it
    is in none. A segment has the labels of the stretches that are in it for half a patch or more,
    or for half of their own length; `is_kept` tells which stretches that leaves out.

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
        left_samples = last - first - chunk_samples(count)
        if 2 * left_samples >= PATCH_HOP_SAMPLES:
            begin = last - PATCH_SAMPLES
            segments.append(Span(begin, last, _labels_within(spans, begin, last)))
    return segments


def is_kept(span: Span, segments: Sequence[Span]) -> bool:
    """Returns whether a stretch gave its labels to any of the segments of its recording."""
    return any(_is_within(span, each.start_sample, each.end_sample) for each in segments)


def _regions(spans: Sequence[Span]) -> Iterator[tuple[int, int]]:
    ordered = sorted(spans, key=lambda span: span.start_sample)
    start, end = ordered[0].start_sample, ordered[0].end_sample
    for span in ordered[1:]:
        if span.start_sample >= end:
            yield start, end
            start = span.start_sample
        end = max(end, span.end_sample)
    yield start, end


def _widened(start: int, end: int, num_samples: int) -> tuple[int, int]:
    """Grows to a patch on both sides alike, as far as there is sound."""
    missing = PATCH_SAMPLES - (end - start)
    if missing <= 0:
        return start, end
    first = max(0, min(start - missing // 2, num_samples - PATCH_SAMPLES))
    return first, min(first + PATCH_SAMPLES, num_samples)


def _labels_within(spans: Sequence[Span], begin: int, stop: int) -> tuple[str, ...]:
    inside = [span for span in spans if _is_within(span, begin, stop)]
    return tuple(sorted({label for span in inside for label in span.labels}))


def _is_within(span: Span, begin: int, stop: int) -> bool:
    common_samples = min(span.end_sample, stop) - max(span.start_sample, begin)
    return 2 * common_samples >= min(PATCH_HOP_SAMPLES, span.end_sample - span.start_sample)

"""Which samples belong to which frame and patch, for whole recordings and for streams."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from earshot.audio.params import (
    HOP_SAMPLES,
    PATCH_HOP_SAMPLES,
    PATCH_OVERLAP_SAMPLES,
    WINDOW_SAMPLES,
)


def num_patches(num_samples: int) -> int:
    """Returns how many whole patches fit; 0 below 15,600 samples (0.975 s, not 0.96 s).

    Equal to the number of examples VGGish makes: floor((num_frames - 96) / 96) + 1 with
    num_frames = 1 + floor((num_samples - 400) / 160).
    """
    return max(0, (num_samples - PATCH_OVERLAP_SAMPLES) // PATCH_HOP_SAMPLES)


def chunk_samples(num_patches: int) -> int:
    """Returns the fewest samples that give `num_patches` (>= 1): 15,600 + (n - 1) * 15,360."""
    return num_patches * PATCH_HOP_SAMPLES + PATCH_OVERLAP_SAMPLES


def frame(waveform: NDArray[np.float32]) -> NDArray[np.float32]:
    """Cuts a waveform into overlapping windows; samples after the last whole one are left out.

    Args:
        waveform: float32 (num_samples,).

    Returns:
        float32 (num_frames, 400), a read-only view; (0, 400) below 400 samples. No padding at
        either end: num_frames = 1 + floor((num_samples - 400) / 160).
    """
    if waveform.size < WINDOW_SAMPLES:
        return np.zeros((0, WINDOW_SAMPLES), np.float32)
    return np.lib.stride_tricks.sliding_window_view(waveform, WINDOW_SAMPLES)[::HOP_SAMPLES]


@dataclass(frozen=True, slots=True, eq=False)
class Stretch:
    """Samples that give whole patches and nothing else.

    Attributes:
        first_sample: Index of `pcm[0]`, counted from the first sample of the stream.
        pcm: int16 (chunk_samples(k),).
    """

    first_sample: int
    pcm: NDArray[np.int16]


class PatchFramer:
    """Cuts a stream of samples into stretches of k patches that overlap by 240 samples.

    However the stream is cut into blocks, the stretches are the same, and the patches computed
    from them one by one are those of the whole stream.

    Args:
        patches_per_chunk: k >= 1.
    """

    def __init__(self, patches_per_chunk: int = 1) -> None:
        self._buffer = np.empty(chunk_samples(patches_per_chunk), np.int16)
        self._filled_samples = 0
        self._first_sample = 0

    @property
    def num_samples(self) -> int:
        """Samples accepted so far."""
        return self._first_sample + self._filled_samples

    @property
    def unframed_samples(self) -> int:
        """Samples accepted that no stretch holds yet; after `flush`, those that never will."""
        overlap_samples = PATCH_OVERLAP_SAMPLES if self._first_sample else 0
        return self._filled_samples - overlap_samples

    def accept(self, pcm: NDArray[np.int16]) -> list[Stretch]:
        """Takes the next samples; returns the stretches they complete, in order.

        Args:
            pcm: int16 (num_samples,), any number, also none.

        Raises:
            TypeError: `pcm` is not int16.
        """
        stretches = []
        while pcm.size:
            room = self._buffer[self._filled_samples :][: pcm.size]
            np.copyto(room, pcm[: room.size], casting="no")
            pcm = pcm[room.size :]
            self._filled_samples += room.size
            if self._filled_samples == self._buffer.size:
                stretches.append(self._cut())
        return stretches

    def flush(self) -> list[Stretch]:
        """Returns the whole patches that are left when the stream ends: one stretch, or none."""
        return [self._cut()] if num_patches(self._filled_samples) else []

    def _cut(self) -> Stretch:
        """Takes every whole patch off the buffer; the overlap and the rest stay in it."""
        advance_samples = num_patches(self._filled_samples) * PATCH_HOP_SAMPLES
        pcm = self._buffer[: advance_samples + PATCH_OVERLAP_SAMPLES].copy()
        rest = self._buffer[advance_samples : self._filled_samples].copy()
        self._buffer[: rest.size] = rest
        stretch = Stretch(self._first_sample, pcm)
        self._first_sample += advance_samples
        self._filled_samples = rest.size
        return stretch

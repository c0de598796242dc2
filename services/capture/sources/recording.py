"""Recordings: WAV, FLAC, OGG and MP3 files, read block by block and never whole."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from earshot.audio.errors import AudioError
from earshot.audio.params import PATCH_SAMPLES, SAMPLE_RATE_HZ
from earshot.audio.resample import check_rate, mono, to_pcm
from earshot.audio.wave_header import data_chunk
from services.capture.errors import RecordingError
from services.capture.sources.decoder import decoder

# 40 dB over full scale. Float files may exceed it a little; this far they hold integers.
_LARGEST_SAMPLE = 100.0


@dataclass(frozen=True, slots=True)
class Recording:
    """A file that can be played. It is open only while `blocks` or `pcm` runs.

    A file cut short is refused where it says how long it should be: WAV at once; FLAC, and MP3
    with a length tag, when the end is missed. The others are played as far as they go.

    Attributes:
        path: The file.
        sample_rate_hz: 8,000 to 192,000.
        num_channels: 1 or more.
        num_frames: Samples per channel.
    """

    path: Path
    sample_rate_hz: int
    num_channels: int
    num_frames: int

    @classmethod
    def open(cls, path: Path) -> Recording:
        """Reads the header, and of a file that does not announce its length, everything.

        Raises:
            RecordingError: There is no such file, or it is no recording of at least 0.975 s at
                8 to 192 kHz, or it was cut short.
        """
        with decoder(path) as file:
            num_frames = file.num_frames
            if num_frames is None:
                num_frames = sum(len(block) for block in file.blocks())
            recording = cls(path, file.sample_rate_hz, file.num_channels, num_frames)
        recording._check_rate()
        recording._check_complete()
        recording._check_not_short()
        return recording

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self._seconds(self.num_frames)

    def pcm(self) -> Iterator[NDArray[np.int16]]:
        """Yields the whole recording at 16 kHz, mono, int16 (num_samples,) at a time.

        Raises:
            RecordingError: As `blocks`.
        """
        return to_pcm(self.blocks(), self.sample_rate_hz)

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """Yields the mean over the channels at the file's own rate, float32 (num_samples,).

        Raises:
            RecordingError: The file is damaged, ends early, holds NaN, infinity or samples far
                beyond full scale. What was yielded before is good.
        """
        num_frames = 0
        with decoder(self.path) as file:
            for block in file.blocks():
                self._check_samples(block, num_frames)
                num_frames += len(block)
                yield mono(block)
            if num_frames < self.num_frames:
                raise self._cut_short(num_frames, self.duration_s)
            if file.goes_on():
                raise RecordingError(
                    self.path,
                    f"goes on after the {self.duration_s:.2f} s it announces: variable bit rate "
                    "without a length tag, or several files in one; encode it again",
                )

    def _seconds(self, num_frames: int) -> float:
        return num_frames / self.sample_rate_hz

    def _check_samples(self, block: NDArray[np.float32], position_frames: int) -> None:
        if max(block.max(), -block.min()) <= _LARGEST_SAMPLE:  # false for NaN, too
            return
        is_wrong = ~(np.abs(block) <= _LARGEST_SAMPLE)
        frame, channel = np.argwhere(is_wrong)[0]
        value, at_s = float(block[frame, channel]), self._seconds(position_frames + int(frame))
        problem = f"sample {value:g}" if np.isfinite(value) else "NaN or infinity"
        raise RecordingError(
            self.path, f"{problem} at {at_s:.3f} s; full scale of a float file is -1 to 1"
        )

    def _check_rate(self) -> None:
        try:
            check_rate(self.sample_rate_hz)
        except AudioError as error:
            raise RecordingError(self.path, str(error)) from None

    def _check_complete(self) -> None:
        data = data_chunk(self.path)
        if data is None or data.present_bytes >= data.promised_bytes:
            return
        if not self.num_frames:
            raise RecordingError(self.path, "truncated: it ends before its first sample")
        promised_s = self.duration_s * data.promised_bytes / data.present_bytes
        raise self._cut_short(self.num_frames, promised_s)

    def _cut_short(self, num_frames: int, promised_s: float) -> RecordingError:
        found_s = self._seconds(num_frames)
        return RecordingError(
            self.path, f"truncated: {found_s:.2f} s of the {promised_s:.2f} s it announces"
        )

    def _check_not_short(self) -> None:
        if self.num_frames * SAMPLE_RATE_HZ < PATCH_SAMPLES * self.sample_rate_hz:
            least_s = PATCH_SAMPLES / SAMPLE_RATE_HZ
            raise RecordingError(
                self.path,
                f"too short: {self.duration_s:.3f} s; at least {least_s:.3f} s are needed",
            )


def sha256(path: Path) -> str:
    """Returns the SHA-256 of a file, in lower-case hex.

    Raises:
        OSError: The file cannot be read.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

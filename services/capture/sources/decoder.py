"""The one module that touches soundfile: opens a file, reads it block by block."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from services.capture.errors import RecordingError
from services.capture.sources import mpeg

_FORMATS = {"WAV", "WAVEX", "RF64", "FLAC", "OGG", "MP3"}
_BLOCK_FRAMES = 8_192
_BLOCK_SAMPLES = 262_144  # over all channels: 1 MiB of float32
_UNKNOWN_FRAMES = 2**63 - 1  # libsndfile's SF_COUNT_MAX
# libsndfile's words for an MP3 without one whole frame.
_MISLEADING = "File does not exist"


class _SequentialFile(soundfile.SoundFile):  # type: ignore[misc]
    """Reads on from where it is.

    soundfile seeks after each read of a seekable file, to where it is already. An MP3 decoder
    forgets the frames before when it seeks, and what follows comes out wrong.
    """

    def seekable(self) -> bool:
        return False


class Decoder:
    """An open file.

    Attributes:
        sample_rate_hz: As the header says.
        num_channels: 1 or more.
        num_frames: Samples per channel that the file announces; None when it does not, an MP3
            without a length tag, or a FLAC file that was written to a pipe.
    """

    def __init__(self, path: Path, sound: soundfile.SoundFile, descriptor: int) -> None:
        self._path = path
        self._sound = sound
        self._descriptor = descriptor
        self._is_mp3 = sound.format == "MP3"
        self.sample_rate_hz: int = sound.samplerate
        self.num_channels: int = sound.channels
        self.num_frames: int | None = sound.frames
        if self._is_mp3 and not mpeg.has_length_tag(descriptor):
            self.num_frames = None  # libsndfile guesses
        if sound.frames == _UNKNOWN_FRAMES:
            self.num_frames = None

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """Yields float32 (num_frames, num_channels) until nothing more can be read.

        Integer formats are divided by their full scale; float formats come as they are.

        Raises:
            RecordingError: The file is damaged.
        """
        block_frames = max(1, min(_BLOCK_FRAMES, _BLOCK_SAMPLES // self.num_channels))
        num_frames = 0
        try:
            while (block := self._sound.read(block_frames, "float32", always_2d=True)).size:
                num_frames += len(block)
                yield block
        except soundfile.SoundFileError:
            reason = f"damaged or truncated after about {num_frames / self.sample_rate_hz:.2f} s"
            if self.num_frames is not None:
                reason += f" of {self.num_frames / self.sample_rate_hz:.2f} s"
            raise RecordingError(self._path, reason) from None

    def goes_on(self) -> bool:
        """Whether there is more sound where `blocks` stopped: libsndfile reads MP3 no further."""
        return self._is_mp3 and mpeg.goes_on(self._descriptor)


@contextmanager
def decoder(path: Path) -> Iterator[Decoder]:
    """Opens a file for as long as the block lasts.

    By descriptor, because by name libsndfile trusts an ending like `.raw` or `.mp3` over the
    content.

    Raises:
        RecordingError: It cannot be read, or is not WAV, FLAC, OGG or MP3.
    """
    try:
        _check_file(path)
        file = path.open("rb", buffering=0)
    except OSError as error:
        raise RecordingError(path, error.strerror or str(error)) from None
    with file, _sound(path, file.fileno()) as sound:
        if sound.format not in _FORMATS:
            raise RecordingError(path, f"{sound.format}; allowed are WAV, FLAC, OGG and MP3")
        yield Decoder(path, sound, file.fileno())


def _check_file(path: Path) -> None:
    """Says plainly what libsndfile would call a system error; keeps named pipes from blocking."""
    if path.is_dir():
        raise RecordingError(path, "a folder, not a recording")
    if not path.exists():
        raise RecordingError(path, "no such file")
    if not path.is_file():
        raise RecordingError(path, "not a regular file")
    if not path.stat().st_size:
        raise RecordingError(path, "empty file")


def _sound(path: Path, descriptor: int) -> soundfile.SoundFile:
    try:
        return _SequentialFile(descriptor, closefd=False)
    except soundfile.LibsndfileError as error:
        reason = "not readable as WAV, FLAC, OGG or MP3"
        if not error.error_string.startswith(_MISLEADING):
            reason += f" ({error.error_string.rstrip('.')})"
        raise RecordingError(path, reason) from None

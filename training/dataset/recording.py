"""A recording's samples as capture would send them: 16 kHz, mono, int16.

libsndfile is called as capture calls it: by descriptor, because by name it trusts an ending over
the content, and without seeking, which an MP3 decoder does not survive unharmed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from earshot.audio.errors import AudioError
from earshot.audio.resample import mono, to_pcm
from training.dataset.errors import UnreadableRecording

_BLOCK_FRAMES = 65_536
_LARGEST_SAMPLE = 100.0  # 40 dB over full scale: this far, a float file holds integers


class _SequentialFile(soundfile.SoundFile):
    def seekable(self) -> bool:
        return False


def read_pcm(path: Path) -> NDArray[np.int16]:
    """Returns the whole recording, int16 (num_samples,), one sample or more.

    Raises:
        UnreadableRecording: It is none, is damaged or cut short, holds NaN, infinity or samples
            far beyond full scale, or has a rate outside of 8 to 192 kHz.
    """
    try:
        with (
            path.open("rb", buffering=0) as file,
            _SequentialFile(file.fileno(), closefd=False) as sound,
        ):
            blocks = list(to_pcm(_blocks(sound), sound.samplerate))
    except OSError as error:
        raise UnreadableRecording(f"cannot be read ({error.strerror})") from None
    except soundfile.SoundFileError as error:
        text = getattr(error, "error_string", str(error)).rstrip(".")
        raise UnreadableRecording(f"cannot be read as a recording ({text})") from None
    except AudioError as error:
        raise UnreadableRecording(str(error)) from None
    if not blocks:
        raise UnreadableRecording("holds no samples")
    return np.concatenate(blocks)


def _blocks(sound: soundfile.SoundFile) -> Iterator[NDArray[np.float32]]:
    """Yields the mean over the channels at the file's own rate."""
    num_frames = 0
    while (block := sound.read(_BLOCK_FRAMES, "float32", always_2d=True)).size:
        num_frames += len(block)
        if np.abs(block).max() > _LARGEST_SAMPLE:
            raise UnreadableRecording("samples far beyond full scale, which is -1 to 1")
        yield mono(block)
    # Of an MP3 without a length tag the number is a guess.
    if num_frames < sound.frames and sound.format == "FLAC":
        raise UnreadableRecording(
            f"cut short: {num_frames / sound.samplerate:.2f} s "
            f"of {sound.frames / sound.samplerate:.2f} s"
        )

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
from earshot.audio.wave_header import data_chunk
from training.dataset.errors import UnreadableRecording

_BLOCK_FRAMES = 65_536
_UNKNOWN_FRAMES = 2**63 - 1  # libsndfile's SF_COUNT_MAX: a FLAC file that was written to a pipe
_LARGEST_SAMPLE = 100.0  # 40 dB over full scale: this far, a float file holds integers


class _SequentialFile(soundfile.SoundFile):
    def seekable(self) -> bool:
        return False


def decode_pcm(path: Path) -> NDArray[np.int16]:
    """Returns the whole recording, int16 (num_samples,), one sample or more.

    Raises:
        UnreadableRecording: It is none, is damaged or cut short (WAV and FLAC say how long they
            should be), holds NaN, infinity or samples far beyond full scale, or has a rate outside
            of 8 to 192 kHz.
    """
    try:
        with (
            path.open("rb", buffering=0) as file,
            _SequentialFile(file.fileno(), closefd=False) as sound,
        ):
            _check_complete(path, sound)
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


def _check_complete(path: Path, sound: soundfile.SoundFile) -> None:
    """Refuses a WAV file that is shorter than its header says."""
    data = data_chunk(path)
    if data is not None and data.present_bytes < data.promised_bytes:
        share = data.present_bytes / data.promised_bytes
        raise _cut_short(sound, sound.frames, share)


def _cut_short(sound: soundfile.SoundFile, num_frames: int, share: float) -> UnreadableRecording:
    found_s = num_frames / sound.samplerate
    promised = f" of {found_s / share:.2f} s" if share else ""
    return UnreadableRecording(f"cut short: {found_s:.2f} s{promised}")


def _blocks(sound: soundfile.SoundFile) -> Iterator[NDArray[np.float32]]:
    """Yields the mean over the channels at the file's own rate."""
    num_frames = 0
    while (block := sound.read(_BLOCK_FRAMES, "float32", always_2d=True)).size:
        num_frames += len(block)
        if np.abs(block).max() > _LARGEST_SAMPLE:
            raise UnreadableRecording("samples far beyond full scale, which is -1 to 1")
        yield mono(block)
    # Of an MP3 without a length tag the number is a guess.
    if num_frames < sound.frames != _UNKNOWN_FRAMES and sound.format == "FLAC":
        raise _cut_short(sound, num_frames, num_frames / sound.frames)

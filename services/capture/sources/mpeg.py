"""What an MP3 file says about its own length, which libsndfile takes for granted.

Only a tag in the first frame (Xing, Info or VBRI) holds the length. Without one libsndfile guesses
it from the first frame's bit rate, and reads no further than it guessed.
"""

from __future__ import annotations

import os

_LENGTH_TAGS = (b"Xing", b"Info", b"VBRI")
_LARGEST_FRAME_BYTES = 2_881  # MPEG-2.5 layer II at 160 kbit/s and 8 kHz
_SYNC = 0xFFE0  # the first eleven bits of every frame


def has_length_tag(descriptor: int) -> bool:
    """Whether the length is told; asked right after the decoder has read the first frames."""
    position = os.lseek(descriptor, 0, os.SEEK_CUR)
    start = max(0, position - 2 * _LARGEST_FRAME_BYTES)
    first_frames = os.pread(descriptor, position - start, start)
    return any(tag in first_frames for tag in _LENGTH_TAGS)


def goes_on(descriptor: int) -> bool:
    """Whether another frame stands where the decoder stopped; tags at the end are none."""
    position = os.lseek(descriptor, 0, os.SEEK_CUR)
    following = os.pread(descriptor, 2, position)
    return len(following) == 2 and int.from_bytes(following, "big") & _SYNC == _SYNC

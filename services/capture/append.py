"""Where chunks go: the audio topic of a broker."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from earshot.contracts.messages import AudioChunk
from earshot.streams.port import Appended, Appender
from earshot.topics import AUDIO

Append: TypeAlias = Callable[[AudioChunk], Appended]


def append_to(streams: Appender) -> Append:
    """Returns what appends a recording's chunk to the audio topic.

    A recording is patient: it leaves half of the budget to live sources. The end of a session is
    not, for it is small, and what is open should not stay open.
    """

    def append(chunk: AudioChunk) -> Appended:
        return streams.append(AUDIO, AUDIO.encode(chunk), patient=bool(chunk.pcm.size))

    return append

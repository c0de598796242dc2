"""Plays one session: chunks go to the topic when they are due, and the session always ends."""

from __future__ import annotations

from collections.abc import Iterable

from earshot.contracts.messages import AudioChunk, Flags
from services.capture.chunker import end_after
from services.capture.pace import Pace
from services.capture.sender import Sender


def play(chunks: Iterable[AudioChunk], sender: Sender, pace: Pace) -> AudioChunk | None:
    """Sends chunk after chunk until they end or it is told to stop.

    However it ends, what was begun is closed: unless the last chunk sent says END_OF_SESSION, a
    message that does is offered once.

    Returns:
        The last chunk that was sent, as the chunker made it; None when none was.

    Raises:
        RecordingError: From `chunks`; those before it were sent.
        BrokerRefused: Trying again will not help.
    """
    sent: AudioChunk | None = None
    try:
        for chunk in chunks:
            due_samples = chunk.header.first_sample + chunk.pcm.size
            if not pace.wait(due_samples) or not sender.send(chunk):
                break
            sent = chunk
    finally:
        if sent is not None and not has_ended(sent):
            sender.send(end_after(sent))
    return sent


def has_ended(chunk: AudioChunk) -> bool:
    """Whether the chunk is the last of its session."""
    return Flags.END_OF_SESSION in chunk.header.flags

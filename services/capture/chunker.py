"""From a stream of samples to the messages of the audio topic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from earshot.audio.framing import PatchFramer, Stretch
from earshot.audio.level import is_clipped, level_dbfs, peak_dbfs
from earshot.contracts.messages import AudioChunk, Flags, Header, SourceState
from services.capture.session import NS_PER_SAMPLE, Session

SILENT_DBFS = -90.0  # below the noise of any microphone, above rounding to 16 bits


def chunks(
    pcm: Iterable[NDArray[np.int16]],
    session: Session,
    patches_per_chunk: int = 1,
    silent_dbfs: float = SILENT_DBFS,
) -> Iterator[AudioChunk]:
    """Yields the chunks of one session, and a last message without samples that ends it.

    Samples after the last whole patch are in no chunk; `first_sample` of the last message counts
    them, so it is the number of samples heard.

    Args:
        pcm: int16 (num_samples,) at a time, mono at 16 kHz.
        session: Whose chunks they are.
        patches_per_chunk: 1 for the shortest delay, more for less overhead per patch.
        silent_dbfs: Chunks at or below this RMS level get the flag `SILENT`.
    """
    framer = PatchFramer(patches_per_chunk)
    sequence = 0
    for stretch in _stretches(pcm, framer):
        yield _chunk(stretch, session, sequence, silent_dbfs)
        sequence += 1
    yield _end(session, sequence, framer.num_samples)


def end_after(chunk: AudioChunk) -> AudioChunk:
    """Returns the message that ends a session early, after the last chunk that was sent."""
    header = chunk.header
    return AudioChunk(
        replace(
            header,
            sequence=header.sequence + 1,
            first_sample=header.first_sample + chunk.pcm.size,
            captured_at_ns=header.captured_at_ns + chunk.pcm.size * NS_PER_SAMPLE,
            flags=Flags.END_OF_SESSION,
            gap_before_samples=0,
            gap_reason="",
            source_state=SourceState.STOPPED,
        ),
        np.zeros(0, np.int16),
        chunk.source_rate_hz,
    )


def _stretches(pcm: Iterable[NDArray[np.int16]], framer: PatchFramer) -> Iterator[Stretch]:
    for block in pcm:
        yield from framer.accept(block)
    yield from framer.flush()


def _chunk(stretch: Stretch, session: Session, sequence: int, silent_dbfs: float) -> AudioChunk:
    level = level_dbfs(stretch.pcm)
    flags = Flags.SILENT if level <= silent_dbfs else Flags.NONE
    if is_clipped(stretch.pcm):
        flags |= Flags.CLIPPED
    return AudioChunk(
        Header(
            device_id=session.device_id,
            session_id=session.session_id,
            sequence=sequence,
            first_sample=stretch.first_sample,
            captured_at_ns=session.captured_at_ns(stretch.first_sample),
            flags=flags,
        ),
        stretch.pcm,
        session.source_rate_hz,
        level,
        peak_dbfs(stretch.pcm),
    )


def _end(session: Session, sequence: int, num_samples: int) -> AudioChunk:
    return AudioChunk(
        Header(
            device_id=session.device_id,
            session_id=session.session_id,
            sequence=sequence,
            first_sample=num_samples,
            captured_at_ns=session.captured_at_ns(num_samples),
            flags=Flags.END_OF_SESSION,
            source_state=SourceState.STOPPED,
        ),
        np.zeros(0, np.int16),
        session.source_rate_hz,
    )

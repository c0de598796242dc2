"""The messages of the pipeline as handlers see them: plain values, numpy arrays, units in names.

`convert` turns them into stream entries and back. The wire format is `proto/earshot/contracts/v1`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, Flag, auto
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from earshot.contracts.code import CODE_BYTES

Codes: TypeAlias = NDArray[np.uint8]
Scores: TypeAlias = NDArray[np.float16]


class Flags(Flag):
    """What a message says about its place in the session."""

    NONE = 0
    END_OF_SESSION = auto()
    GAP = auto()
    SILENT = auto()
    CLIPPED = auto()


class SourceState(Enum):
    """What the source was doing when the message was made."""

    UNSPECIFIED = 0
    LISTENING = 1
    STALLED = 2
    PAUSED = 3
    STOPPED = 4


@dataclass(frozen=True, slots=True)
class Header:
    """Where a message belongs: device, session, place in the session, time of day.

    Attributes:
        device_id: Stable name of the source, `[A-Za-z0-9._:-]{1,128}`.
        session_id: ULID, new at each start of a source.
        sequence: 0, 1, 2 … contiguous within the session.
        first_sample: Index at 16 kHz of the first sample, from the session's start.
        captured_at_ns: UTC of the first sample, nanoseconds since 1970.
        flags: See `Flags`.
        gap_before_samples: Samples at 16 kHz lost right before `first_sample`.
        gap_reason: Why they were lost; empty without a gap.
        source_state: What the source was doing.
    """

    device_id: str
    session_id: str
    sequence: int
    first_sample: int = 0
    captured_at_ns: int = 0
    flags: Flags = Flags.NONE
    gap_before_samples: int = 0
    gap_reason: str = ""
    source_state: SourceState = SourceState.LISTENING


def _no_levels() -> NDArray[np.float32]:
    return np.zeros(0, np.float32)


def _no_codes() -> Codes:
    return np.zeros((0, CODE_BYTES), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class AudioChunk:
    """A stretch of sound that gives k whole patches, or no samples at all.

    Attributes:
        header: Where it belongs.
        pcm: int16 (num_samples,), mono at 16 kHz; 15,600 + (k - 1) * 15,360 samples, or empty.
        source_rate_hz: What the source delivered before resampling.
        level_dbfs: RMS; -120 for digital silence.
        peak_dbfs: Largest magnitude; -120 for digital silence.
    """

    header: Header
    pcm: NDArray[np.int16]
    source_rate_hz: int = 16_000
    level_dbfs: float = -120.0
    peak_dbfs: float = -120.0


@dataclass(frozen=True, slots=True, eq=False)
class Embeddings:
    """The codes of the n patches of one chunk.

    Attributes:
        header: Where it belongs; `first_sample` is that of patch 0, patches start every 15,360.
        codes: uint8 (n, 128); n may be 0.
        context: uint8 (m, 128), m <= W - 1: the patches right before, filled in by the hand-off;
            empty at a session's start and after a gap.
        level_dbfs: float32 (n,), RMS per patch.
        embedding_space: The space the codes live in; a model refuses any other.
        embedder: name@version of the network.
    """

    header: Header
    codes: Codes = field(default_factory=_no_codes)
    context: Codes = field(default_factory=_no_codes)
    level_dbfs: NDArray[np.float32] = field(default_factory=_no_levels)
    embedding_space: str = ""
    embedder: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """Scores of the n patches of one entry.

    Attributes:
        header: Where it belongs, as in `Embeddings`.
        model: name@version of the frame-level model, as the server reported it.
        scores: float16 (n, C), the window of up to W patches that ends at patch i.
        patch_scores: float16 (n, C), the belief about patch i.
        codes: uint8 (n, 128), passed on.
        level_dbfs: float32 (n,), RMS per patch.
        embedder: name@version of the network that made the codes.
    """

    header: Header
    model: str
    scores: Scores
    patch_scores: Scores
    codes: Codes = field(default_factory=_no_codes)
    level_dbfs: NDArray[np.float32] = field(default_factory=_no_levels)
    embedder: str = ""

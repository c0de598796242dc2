"""One message of each kind, every field set; their bytes of v1 lie in `golden/` for ever."""

from __future__ import annotations

import numpy as np

from earshot.contracts.messages import (
    AudioChunk,
    Embeddings,
    Flags,
    Header,
    Prediction,
    SourceState,
)

HEADER = Header(
    device_id="kitchen-1",
    session_id="01JD3Z9T5X8V6W4K2M0N7P1Q3R",
    sequence=41,
    first_sample=629_760,
    captured_at_ns=1_790_000_000_123_456_789,
    flags=Flags.GAP | Flags.CLIPPED,
    gap_before_samples=3_200,
    gap_reason="overflow",
    source_state=SourceState.STALLED,
)
LEVELS = np.array([-20.5, -31.25], np.float32)
CODES = np.arange(256, dtype=np.uint8).reshape(2, 128)

AUDIO = AudioChunk(HEADER, np.array([0, 1, -1, 32_767, -32_768], np.int16), 44_100, -20.5, 0.0)
EMBEDDINGS = Embeddings(
    HEADER,
    CODES,
    level_dbfs=LEVELS,
    embedding_space="audioset-vggish-128",
    embedder="vggish-compact@1",
)
PREDICTION = Prediction(
    HEADER,
    model="earshot-default@1",
    scores=np.array([[0.5, 0.25, 0.0], [0.125, 1.0, 0.75]], np.float16),
    patch_scores=np.array([[1.0, 0.5, 0.0], [0.0, 0.25, 0.5]], np.float16),
    codes=CODES,
    level_dbfs=LEVELS,
    embedder="vggish-compact@1",
)

"""Messages to stream entries and back: the only module that knows the wire format.

What an entry's fields say (device, session, sequence, flags) wins over nothing: they must agree
with the header in the body, except for `gap`, which the hand-off may add.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from google.protobuf.message import DecodeError, Message
from numpy.typing import NDArray

from earshot.contracts.code import CODE_BYTES
from earshot.contracts.messages import (
    AudioChunk,
    Codes,
    Embeddings,
    Flags,
    Header,
    Prediction,
    SourceState,
)
from earshot.contracts.v1.audio_pb2 import AudioChunk as AudioChunkPb
from earshot.contracts.v1.embeddings_pb2 import Embeddings as EmbeddingsPb
from earshot.contracts.v1.header_pb2 import Flag as FlagPb
from earshot.contracts.v1.header_pb2 import Header as HeaderPb
from earshot.contracts.v1.prediction_pb2 import Prediction as PredictionPb
from earshot.streams.entry import Entry
from earshot.streams.errors import BadMessage

PCM_TYPE = np.dtype("<i2")
SCORE_TYPE = np.dtype("<f2")
# NaN and infinity have all five bits of the exponent set, which are in a float16's high byte. To
# look for these bytes takes a third of the time of `np.isfinite`, and numpy would let another
# thread go first, which then has the interpreter for milliseconds.
_FINITE_HIGH_BYTES = bytes(byte for byte in range(256) if byte & 0x7C != 0x7C)

_FLAGS = {
    Flags.END_OF_SESSION: (FlagPb.FLAG_END_OF_SESSION, "end_of_session"),
    Flags.GAP: (FlagPb.FLAG_GAP, "gap"),
    Flags.SILENT: (FlagPb.FLAG_SILENT, "silent"),
    Flags.CLIPPED: (FlagPb.FLAG_CLIPPED, "clipped"),
}
_SOURCE_STATES = {state.value: state for state in SourceState}

Pb = TypeVar("Pb", bound=Message)


def encode_audio(chunk: AudioChunk) -> Entry:
    """Returns the entry of a chunk."""
    body = AudioChunkPb(
        header=_header_pb(chunk.header),
        pcm_s16le=chunk.pcm.astype(PCM_TYPE, copy=False).tobytes(),
        source_rate_hz=chunk.source_rate_hz,
        level_dbfs=chunk.level_dbfs,
        peak_dbfs=chunk.peak_dbfs,
    )
    return _entry(chunk.header, body)


def decode_audio(entry: Entry) -> AudioChunk:
    """Returns the chunk of an entry. Raises BadMessage when it is none."""
    body = _parse(AudioChunkPb, entry)
    if len(body.pcm_s16le) % PCM_TYPE.itemsize:
        raise BadMessage(f"pcm_s16le has {len(body.pcm_s16le)} bytes: an odd number")
    return AudioChunk(
        header=_header(body.header, entry),
        pcm=np.frombuffer(body.pcm_s16le, PCM_TYPE),
        source_rate_hz=body.source_rate_hz,
        level_dbfs=body.level_dbfs,
        peak_dbfs=body.peak_dbfs,
    )


def encode_embeddings(embeddings: Embeddings) -> Entry:
    """Returns the entry of embeddings; the context is the hand-off's to add."""
    body = EmbeddingsPb(
        header=_header_pb(embeddings.header),
        embedding_space=embeddings.embedding_space,
        embedder=embeddings.embedder,
        level_dbfs=embeddings.level_dbfs.tolist(),
    )
    return _entry(embeddings.header, body, embeddings.codes)


def decode_embeddings(entry: Entry) -> Embeddings:
    """Returns the embeddings of an entry. Raises BadMessage when it has none."""
    body = _parse(EmbeddingsPb, entry)
    codes = _codes(entry.codes, "codes")
    return Embeddings(
        header=_header(body.header, entry),
        codes=codes,
        context=_codes(entry.context, "context"),
        level_dbfs=_levels(body.level_dbfs, len(codes)),
        embedding_space=body.embedding_space,
        embedder=body.embedder,
    )


def encode_prediction(prediction: Prediction) -> Entry:
    """Returns the entry of a prediction."""
    body = PredictionPb(
        header=_header_pb(prediction.header),
        model=prediction.model,
        num_classes=prediction.scores.shape[1],
        scores=prediction.scores.astype(SCORE_TYPE, copy=False).tobytes(),
        patch_scores=prediction.patch_scores.astype(SCORE_TYPE, copy=False).tobytes(),
        level_dbfs=prediction.level_dbfs.tolist(),
        embedder=prediction.embedder,
    )
    return _entry(prediction.header, body, prediction.codes)


def decode_prediction(entry: Entry) -> Prediction:
    """Returns the prediction of an entry. Raises BadMessage when it is none."""
    body = _parse(PredictionPb, entry)
    codes = _codes(entry.codes, "codes")
    shape = (len(codes), body.num_classes)
    return Prediction(
        header=_header(body.header, entry),
        model=body.model,
        scores=_scores(body.scores, shape, "scores"),
        patch_scores=_scores(body.patch_scores, shape, "patch_scores"),
        codes=codes,
        level_dbfs=_levels(body.level_dbfs, len(codes)),
        embedder=body.embedder,
    )


def _entry(header: Header, body: Message, codes: Codes | None = None) -> Entry:
    return Entry(
        device_id=header.device_id,
        session_id=header.session_id,
        sequence=header.sequence,
        flags=frozenset(word for flag, (_, word) in _FLAGS.items() if flag in header.flags),
        body=body.SerializeToString(deterministic=True),
        codes=b"" if codes is None else codes.tobytes(),
    )


def _header_pb(header: Header) -> HeaderPb:
    return HeaderPb(
        device_id=header.device_id,
        session_id=header.session_id,
        sequence=header.sequence,
        first_sample=header.first_sample,
        captured_at_ns=header.captured_at_ns,
        flags=[number for flag, (number, _) in _FLAGS.items() if flag in header.flags],
        gap_before_samples=header.gap_before_samples,
        gap_reason=header.gap_reason,
        source_state=header.source_state.value,  # type: ignore[arg-type]  # same numbers
    )


def _parse(kind: type[Pb], entry: Entry) -> Pb:
    body = kind()
    try:
        body.ParseFromString(entry.body)
    except DecodeError as error:
        raise BadMessage(f"the body is no {kind.DESCRIPTOR.full_name}: {error}") from None
    return body


def _header(header: HeaderPb, entry: Entry) -> Header:
    said = (header.device_id, header.session_id, header.sequence)
    if said != (entry.device_id, entry.session_id, entry.sequence):
        raise BadMessage(f"the body's header {said} is not that of the entry's fields")
    flags = Flags.NONE
    for flag, (_, word) in _FLAGS.items():
        if word in entry.flags:
            flags |= flag
    return Header(
        device_id=header.device_id,
        session_id=header.session_id,
        sequence=header.sequence,
        first_sample=header.first_sample,
        captured_at_ns=header.captured_at_ns,
        flags=flags,
        gap_before_samples=header.gap_before_samples,
        gap_reason=header.gap_reason,
        source_state=_SOURCE_STATES.get(header.source_state, SourceState.UNSPECIFIED),
    )


def _codes(data: bytes, name: str) -> Codes:
    if len(data) % CODE_BYTES:
        raise BadMessage(f"{name} has {len(data)} bytes: not a multiple of {CODE_BYTES}")
    return np.frombuffer(data, np.uint8).reshape(-1, CODE_BYTES)


def _levels(values: object, num_patches: int) -> NDArray[np.float32]:
    levels = np.array(values, np.float32)
    if levels.shape != (num_patches,):
        raise BadMessage(f"level_dbfs has {levels.size} values for {num_patches} patches")
    return levels


def _scores(data: bytes, shape: tuple[int, int], name: str) -> NDArray[np.float16]:
    expected = shape[0] * shape[1] * SCORE_TYPE.itemsize
    if len(data) != expected:
        raise BadMessage(f"{name} has {len(data)} bytes; {shape} float16 take {expected}")
    if data[1::2].translate(None, _FINITE_HIGH_BYTES):
        raise BadMessage(f"{name} holds NaN or infinity")
    return np.frombuffer(data, SCORE_TYPE).reshape(shape)

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from earshot.contracts import convert
from earshot.contracts.messages import Flags
from earshot.streams.entry import Entry
from earshot.streams.errors import BadMessage
from tests.contract.messages.examples import AUDIO, EMBEDDINGS, HEADER, PREDICTION

GOLDEN = Path(__file__).with_name("golden")
KINDS = {
    "audio": (AUDIO, convert.encode_audio, convert.decode_audio),
    "embeddings": (EMBEDDINGS, convert.encode_embeddings, convert.decode_embeddings),
    "prediction": (PREDICTION, convert.encode_prediction, convert.decode_prediction),
}
kinds = pytest.mark.parametrize("kind", KINDS)


def assert_equal(message: Any, expected: Any) -> None:
    for field in fields(expected):
        value, wanted = getattr(message, field.name), getattr(expected, field.name)
        if isinstance(wanted, np.ndarray):
            assert value.dtype == wanted.dtype
            assert np.array_equal(value, wanted), field.name
        else:
            assert value == wanted, field.name


@kinds
def test_a_message_comes_back_as_it_was(kind: str) -> None:
    message, encode, decode = KINDS[kind]
    assert_equal(decode(encode(message)), message)  # type: ignore[operator]


@kinds
def test_the_golden_bytes_of_v1_parse_for_ever(kind: str) -> None:
    message, encode, decode = KINDS[kind]
    entry: Entry = encode(message)  # type: ignore[operator]
    golden = replace(entry, body=(GOLDEN / f"{kind}.v1.bin").read_bytes())
    assert_equal(decode(golden), message)  # type: ignore[operator]


def test_what_scripts_and_people_read_needs_no_protobuf() -> None:
    entry = convert.encode_embeddings(EMBEDDINGS)
    assert (entry.device_id, entry.session_id, entry.sequence) == (
        HEADER.device_id,
        HEADER.session_id,
        41,
    )
    assert entry.flags == {"gap", "clipped"}
    assert entry.codes == EMBEDDINGS.codes.tobytes()


def test_context_and_gap_come_from_the_entry_since_the_hand_off_writes_them() -> None:
    entry = convert.encode_embeddings(replace(EMBEDDINGS, header=replace(HEADER, flags=Flags.NONE)))
    embeddings = convert.decode_embeddings(
        replace(entry, context=bytes(256), flags=frozenset({"gap"}))
    )
    assert embeddings.context.shape == (2, 128)
    assert embeddings.header.flags is Flags.GAP


def test_a_chunk_without_samples_is_a_message_too() -> None:
    empty = replace(AUDIO, pcm=np.zeros(0, np.int16))
    assert convert.decode_audio(convert.encode_audio(empty)).pcm.shape == (0,)


def broken(entry: Entry, **changes: Any) -> Entry:
    return replace(entry, **changes)


AUDIO_ENTRY, EMBEDDINGS_ENTRY = convert.encode_audio(AUDIO), convert.encode_embeddings(EMBEDDINGS)
PREDICTION_ENTRY = convert.encode_prediction(PREDICTION)


@pytest.mark.parametrize(
    ("decode", "entry", "reason"),
    [
        (convert.decode_audio, broken(AUDIO_ENTRY, body=b"\xff\xff\xff"), "is no earshot"),
        (convert.decode_audio, broken(AUDIO_ENTRY, body=b""), "header"),
        (convert.decode_audio, broken(AUDIO_ENTRY, sequence=7), "header"),
        (convert.decode_embeddings, broken(EMBEDDINGS_ENTRY, codes=b"x" * 100), "multiple of 128"),
        (convert.decode_embeddings, broken(EMBEDDINGS_ENTRY, codes=b""), "2 values for 0 patches"),
        (convert.decode_prediction, broken(PREDICTION_ENTRY, codes=b"x" * 128), "float16 take"),
    ],
)
def test_what_cannot_be_decoded_says_why(
    decode: Callable[[Entry], Any], entry: Entry, reason: str
) -> None:
    with pytest.raises(BadMessage, match=reason):
        decode(entry)


def test_scores_that_are_no_numbers_are_refused() -> None:
    scores = PREDICTION.scores.copy()
    scores[0, 0] = np.nan
    with pytest.raises(BadMessage, match="scores holds NaN"):
        convert.decode_prediction(convert.encode_prediction(replace(PREDICTION, scores=scores)))

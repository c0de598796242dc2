"""TFRecord framing: what is whole is read, what is damaged is located."""

from __future__ import annotations

from pathlib import Path

import pytest

from earshot.crc32c import masked_crc32c
from earshot.tfrecord import DamagedFraming, read_records

# Two records, b"dog" and b"", as tf.io.TFRecordWriter of TensorFlow 2.21 writes them.
RECORDS = bytes.fromhex("0300000000000000b099490e646f67bdff40ec000000000000000029039807d8ea82a2")
HEADER_BYTES = 8 + 4
FIRST_BYTES = HEADER_BYTES + 3 + 4


def write(folder: Path, content: bytes) -> Path:
    path = folder / "records"
    path.write_bytes(content)
    return path


def test_records_are_read_with_their_offsets_when_tensorflow_wrote_them(tmp_path: Path) -> None:
    path = write(tmp_path, RECORDS)
    records = list(read_records(path))
    assert [(each.payload, each.offset_bytes) for each in records] == [
        (b"dog", 0),
        (b"", FIRST_BYTES),
    ]
    assert all(masked_crc32c(each.payload) == each.payload_crc for each in records)
    assert {each.path for each in records} == {path}


def test_an_empty_file_holds_no_records(tmp_path: Path) -> None:
    assert list(read_records(write(tmp_path, b""))) == []


@pytest.mark.parametrize("num_bytes", range(FIRST_BYTES + 1, len(RECORDS)))
def test_the_place_is_named_when_a_file_is_cut(tmp_path: Path, num_bytes: int) -> None:
    records = read_records(write(tmp_path, RECORDS[:num_bytes]))
    assert next(records).payload == b"dog"
    with pytest.raises(DamagedFraming, match="^cut within a ") as damage:
        next(records)
    assert damage.value.offset_bytes == FIRST_BYTES


@pytest.mark.parametrize("place", range(HEADER_BYTES))
def test_reading_stops_when_a_length_is_damaged(tmp_path: Path, place: int) -> None:
    damaged = bytearray(RECORDS)
    damaged[place] ^= 0x10
    with pytest.raises(DamagedFraming, match="checksum of the length does not match") as damage:
        next(read_records(write(tmp_path, bytes(damaged))))
    assert damage.value.offset_bytes == 0


@pytest.mark.parametrize("place", range(HEADER_BYTES, FIRST_BYTES))
def test_a_damaged_payload_is_left_to_the_caller(tmp_path: Path, place: int) -> None:
    damaged = bytearray(RECORDS)
    damaged[place] ^= 0x10
    first, _ = read_records(write(tmp_path, bytes(damaged)))
    assert masked_crc32c(first.payload) != first.payload_crc

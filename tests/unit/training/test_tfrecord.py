"""TFRecord framing: what is whole is read, what is damaged is located."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from training.tfrecord import Damage, Record, masked_crc32c, read_records


def framed(payload: bytes) -> bytes:
    length = struct.pack("<Q", len(payload))
    length_crc, payload_crc = (int(crc) for crc in masked_crc32c([length, payload]))
    return length + struct.pack("<I", length_crc) + payload + struct.pack("<I", payload_crc)


def unmasked(crc: np.uint32) -> int:
    rotated = (int(crc) - 0xA282EAD8) & 0xFFFFFFFF
    return ((rotated >> 17) | (rotated << 15)) & 0xFFFFFFFF


def test_crc_equals_the_check_values_of_rfc_3720() -> None:
    # RFC 3720, appendix B.4; "123456789" is the check value of CRC catalogues.
    payloads = [b"123456789", bytes(32), b"\xff" * 32, bytes(range(32)), b""]
    expected = [0xE3069283, 0x8A9136AA, 0x62A8AB43, 0x46DD794E, 0]
    assert [unmasked(crc) for crc in masked_crc32c(payloads)] == expected


def test_records_are_read_with_their_offsets(tmp_path: Path) -> None:
    path = tmp_path / "two.tfrecord"
    path.write_bytes(framed(b"abc") + framed(b"defg"))
    records = list(read_records(path))
    assert [(r.payload, r.offset_bytes) for r in records if isinstance(r, Record)] == [
        (b"abc", 0),
        (b"defg", 19),
    ]


def test_an_empty_file_holds_no_records(tmp_path: Path) -> None:
    path = tmp_path / "empty.tfrecord"
    path.touch()
    assert list(read_records(path)) == []


def test_damage_is_located_when_the_file_is_cut_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "cut.tfrecord"
    path.write_bytes((framed(b"abc") + framed(b"defg"))[:-6])
    whole, damage = read_records(path)
    assert isinstance(whole, Record)
    assert damage == Damage(path, 19, "cut within a payload of 4 bytes")
    assert str(damage) == f"{path}, byte 19: cut within a payload of 4 bytes"


def test_damage_is_located_when_a_length_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "cut.tfrecord"
    path.write_bytes(framed(b"abc") + b"\x04\x00")
    assert list(read_records(path))[1] == Damage(path, 19, "cut within a record's length")


def test_reading_stops_when_a_length_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "flipped.tfrecord"
    content = bytearray(framed(b"abc") + framed(b"defg"))
    content[0] ^= 1
    path.write_bytes(content)
    assert list(read_records(path)) == [
        Damage(path, 0, "checksum of the length does not match"),
    ]

"""Reads TFRecord files of a few records, without TensorFlow.

A record is: uint64 length (little endian), uint32 masked CRC32C of those 8 bytes, payload, uint32
masked CRC32C of the payload. Source: tensorflow core/lib/io/record_writer.h and lib/hash/crc32c.h.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from services.modelserver.errors import LoadError

_HEADER = struct.Struct("<QI")
_FOOTER = struct.Struct("<I")
_POLYNOMIAL = 0x82F63B78  # CRC32C (Castagnoli), bits reversed
_MASK_DELTA = 0xA282EAD8


def read_records(path: Path) -> Iterator[bytes]:
    """The payloads of a file, in order; the checksums cost a tenth of a second per MB.

    Raises:
        LoadError: The file cannot be read, or is cut or damaged; names the place.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LoadError(f"{path}: {error.strerror}") from None
    start = 0
    while start < len(content):
        payload = _payload(content, start)
        if payload is None:
            raise LoadError(f"{path}, byte {start}: a record is cut short or damaged")
        yield payload
        start += _HEADER.size + len(payload) + _FOOTER.size


def _payload(content: bytes, start: int) -> bytes | None:
    """The record that begins at a place; None when it is not whole."""
    payload_start = start + _HEADER.size
    if payload_start > len(content):
        return None
    length, length_crc = _HEADER.unpack_from(content, start)
    payload_end = payload_start + length
    if masked_crc32c(content[start : start + 8]) != length_crc:
        return None
    if payload_end + _FOOTER.size > len(content):
        return None
    payload = content[payload_start:payload_end]
    (payload_crc,) = _FOOTER.unpack_from(content, payload_end)
    return payload if masked_crc32c(payload) == payload_crc else None


def _byte_table() -> list[int]:
    table = []
    for value in range(256):
        for _ in range(8):
            value = (value >> 1) ^ (_POLYNOMIAL if value & 1 else 0)
        table.append(value)
    return table


_TABLE = _byte_table()


def masked_crc32c(payload: bytes) -> int:
    """The CRC rotated right by 15 bits, plus a constant, modulo 2**32."""
    crc = 0xFFFFFFFF
    for byte in payload:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15) | (crc << 17)) + _MASK_DELTA) & 0xFFFFFFFF

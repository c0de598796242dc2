"""TFRecord framing, read without TensorFlow so that damage is located, not just thrown.

A record is: uint64 length (little endian), uint32 masked CRC32C of the length, payload, uint32
masked CRC32C of the payload. Source: tensorflow `core/lib/io/record_writer.h`, `lib/hash/crc32c.h`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_POLYNOMIAL = 0x82F63B78  # CRC32C (Castagnoli), bits reversed
_MASK_DELTA = 0xA282EAD8
_HEADER_BYTES = 12
_FOOTER_BYTES = 4


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a file that could not be read.

    Attributes:
        path: The file.
        offset_bytes: Where the damaged record begins.
        reason: What is wrong with it.
    """

    path: Path
    offset_bytes: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path}, byte {self.offset_bytes}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a file, its payload not yet checked.

    Attributes:
        path: The file.
        offset_bytes: Where the record begins.
        payload: The bytes between the two checksums.
        payload_crc: The masked CRC32C the file gives for the payload.
    """

    path: Path
    offset_bytes: int
    payload: bytes
    payload_crc: int


def _byte_table() -> NDArray[np.uint32]:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(_POLYNOMIAL), table >> 1)
    return table.astype(np.uint32)


_TABLE = _byte_table()


def masked_crc32c(payloads: Sequence[bytes]) -> NDArray[np.uint32]:
    """Returns the masked CRC32C of each payload, computed side by side.

    Args:
        payloads: n byte strings of any lengths.

    Returns:
        uint32 (n,): the CRC rotated right by 15 bits, plus 0xa282ead8, modulo 2**32.
    """
    order = sorted(range(len(payloads)), key=lambda i: len(payloads[i]), reverse=True)
    lengths = np.array([len(payloads[i]) for i in order], np.int64)
    columns = np.zeros((int(lengths.max(initial=0)), len(payloads)), np.uint8)
    for column, i in enumerate(order):
        columns[: lengths[column], column] = np.frombuffer(payloads[i], np.uint8)
    crc = np.full(len(payloads), 0xFFFFFFFF, np.uint32)
    for position, row in enumerate(columns):
        # Sorted by length: the payloads that reach this position are the first `alive` ones.
        alive = int(np.searchsorted(-lengths, -position, side="left"))
        crc[:alive] = _TABLE[(crc[:alive] ^ row[:alive]) & 0xFF] ^ (crc[:alive] >> 8)
    crc ^= np.uint32(0xFFFFFFFF)
    masked = (((crc >> 15) | (crc << 17)) + np.uint32(_MASK_DELTA)).astype(np.uint32)
    in_order = np.empty_like(masked)
    in_order[order] = masked
    return in_order


def _is_intact_length(header: bytes, expected_crc: int) -> bool:
    crc = 0xFFFFFFFF
    for byte in header:
        crc = int(_TABLE[(crc ^ byte) & 0xFF]) ^ (crc >> 8)
    crc ^= 0xFFFFFFFF
    return (((crc >> 15) | (crc << 17)) + _MASK_DELTA) & 0xFFFFFFFF == expected_crc


def read_records(path: Path) -> Iterator[Record | Damage]:
    """Yields the records of a file in order, and at most one `Damage`, last.

    After a damaged length nothing tells where the next record begins, so reading stops there.
    Payload checksums are left to the caller, who can check many at once with `masked_crc32c`.

    Args:
        path: A TFRecord file; an empty one yields nothing.

    Raises:
        OSError: The file cannot be read.
    """
    content = path.read_bytes()
    offset = 0
    while offset < len(content):
        if offset + _HEADER_BYTES > len(content):
            yield Damage(path, offset, "cut within a record's length")
            return
        length, length_crc = struct.unpack_from("<QI", content, offset)
        if not _is_intact_length(content[offset : offset + 8], length_crc):
            yield Damage(path, offset, "checksum of the length does not match")
            return
        start, end = offset + _HEADER_BYTES, offset + _HEADER_BYTES + length
        if end + _FOOTER_BYTES > len(content):
            yield Damage(path, offset, f"cut within a payload of {length} bytes")
            return
        (payload_crc,) = struct.unpack_from("<I", content, end)
        yield Record(path, offset, content[start:end], payload_crc)
        offset = end + _FOOTER_BYTES

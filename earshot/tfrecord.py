"""TFRecord framing, read without TensorFlow so that damage is located, not just thrown.

A record is: uint64 length (little endian), uint32 masked CRC32C of the length, payload, uint32
masked CRC32C of the payload. Source: tensorflow `core/lib/io/record_writer.h`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from earshot.crc32c import masked_crc32c

_LENGTH_BYTES = 8
_HEADER = struct.Struct("<QI")
_FOOTER = struct.Struct("<I")


class DamagedFraming(Exception):
    """Where a record should begin nothing tells how long it is: no later one can be found.

    Attributes:
        offset_bytes: Where the damaged record begins.
    """

    def __init__(self, offset_bytes: int, reason: str) -> None:
        super().__init__(reason)
        self.offset_bytes = offset_bytes


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


def read_records(path: Path) -> Iterator[Record]:
    """Yields the records of a file in order.

    Payload checksums are left to the caller, who can check many at once with
    `earshot.crc32c.masked_crc32c_of_each`.

    Args:
        path: A TFRecord file; an empty one yields nothing.

    Raises:
        OSError: The file cannot be read.
        DamagedFraming: It is cut, or a length is damaged.
    """
    content = path.read_bytes()
    offset = 0
    while offset < len(content):
        start, end = _payload(content, offset)
        (payload_crc,) = _FOOTER.unpack_from(content, end)
        yield Record(path, offset, content[start:end], payload_crc)
        offset = end + _FOOTER.size


def _payload(content: bytes, offset: int) -> tuple[int, int]:
    """Returns where the payload of the record at a place begins and ends."""
    start = offset + _HEADER.size
    if start > len(content):
        raise DamagedFraming(offset, "cut within a record's length")
    length, length_crc = _HEADER.unpack_from(content, offset)
    if masked_crc32c(content[offset : offset + _LENGTH_BYTES]) != length_crc:
        raise DamagedFraming(offset, "checksum of the length does not match")
    end = start + int(length)
    if end + _FOOTER.size > len(content):
        raise DamagedFraming(offset, f"cut within a payload of {length} bytes")
    return start, end

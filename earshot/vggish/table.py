"""Sorted string tables, the container of V1 checkpoints: keys and values in checksummed blocks.

A block is a run of entries (three varints: bytes of the key shared with the one before, further
bytes of the key, bytes of the value; then both), followed by the places where keys start afresh
(uint32 each) and their count (uint32). After it come a byte for the compression and the masked
CRC32C of all before it. The footer, the last 48 bytes, says where the index block is; the index
says where the data blocks are. Source: leveldb `doc/table_format.md`, tensorflow
`core/lib/io/format.cc`.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from earshot.crc32c import masked_crc32c
from earshot.vggish.errors import DamagedCheckpoint

_MAGIC = struct.pack("<Q", 0xDB4775248B80FB57)
_FOOTER_BYTES = 48
_TRAILER_BYTES = 5
_NOT_COMPRESSED = 0
_VARINT_BITS = 64


@dataclass(frozen=True, slots=True)
class Record:
    """One key with its value.

    Attributes:
        key: In ascending order through the file; the first may be empty.
        value: A view of the file's content.
        offset_bytes: Where the value begins in the file.
    """

    key: bytes
    value: memoryview
    offset_bytes: int


def read_table(content: memoryview) -> Iterator[Record]:
    """Yields the records of a table in order, each block checked before anything of it is used.

    Args:
        content: The whole file.

    Raises:
        DamagedCheckpoint: It is no such table, it is cut, or bytes of it are wrong.
    """
    footer = len(content) - _FOOTER_BYTES
    if footer < 0 or content[-len(_MAGIC) :] != _MAGIC:
        raise DamagedCheckpoint(
            f"byte {max(footer, 0)}: no footer of a TensorFlow V1 checkpoint; "
            "the file is cut, or of another kind"
        )
    cursor = _Cursor(content, footer, len(content) - len(_MAGIC))
    cursor.handle()  # of the meta index, which is empty
    for entry in _block(content, *cursor.handle()):
        handle = _Cursor(content, entry.offset_bytes, entry.offset_bytes + len(entry.value))
        yield from _block(content, *handle.handle())


class _Cursor:
    """Reads numbers from a stretch of the content, one after the other."""

    def __init__(self, content: memoryview, start: int, end: int) -> None:
        self._content = content
        self.position = start
        self._end = end

    def varint(self) -> int:
        """Seven bits a byte, the lowest first; the top bit says that more follow."""
        start, value = self.position, 0
        for shift in range(0, _VARINT_BITS, 7):
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
        raise DamagedCheckpoint(f"byte {start}: a number without an end")

    def take(self, num_bytes: int) -> memoryview:
        start, self.position = self.position, self.position + num_bytes
        if self.position > self._end:
            raise DamagedCheckpoint(f"byte {start}: cut short, {num_bytes} bytes should follow")
        return self._content[start : self.position]

    def handle(self) -> tuple[int, int]:
        """Where a block begins and how many bytes it has without its trailer."""
        return self.varint(), self.varint()

    @property
    def is_at_end(self) -> bool:
        return self.position >= self._end


def _block(content: memoryview, offset: int, num_bytes: int) -> Iterator[Record]:
    end = offset + num_bytes
    if end + _TRAILER_BYTES > len(content):
        raise DamagedCheckpoint(
            f"byte {offset}: a block of {num_bytes} bytes should be here; "
            f"the file has {len(content)}"
        )
    compression, crc = struct.unpack_from("<BI", content, end)
    if masked_crc32c(content[offset : end + 1]) != crc:
        raise DamagedCheckpoint(f"byte {offset}: the checksum of this block is wrong")
    if compression != _NOT_COMPRESSED:
        raise DamagedCheckpoint(
            f"byte {offset}: compressed block (method {compression}); checkpoints have none"
        )
    yield from _entries(content, offset, _end_of_entries(content, offset, end))


def _end_of_entries(content: memoryview, offset: int, end: int) -> int:
    """Where the entries end and the places where keys start afresh begin."""
    if end - offset >= 4:
        (num_restarts,) = struct.unpack_from("<I", content, end - 4)
        if end - 4 - 4 * num_restarts >= offset:
            return int(end - 4 - 4 * num_restarts)
    raise DamagedCheckpoint(f"byte {offset}: a block too short for what it should hold")


def _entries(content: memoryview, start: int, end: int) -> Iterator[Record]:
    cursor = _Cursor(content, start, end)
    key = b""
    while not cursor.is_at_end:
        at = cursor.position
        num_shared, num_own, num_value_bytes = cursor.varint(), cursor.varint(), cursor.varint()
        if num_shared > len(key):
            raise DamagedCheckpoint(f"byte {at}: a key that shares more than there is")
        key = key[:num_shared] + bytes(cursor.take(num_own))
        offset = cursor.position
        yield Record(key, cursor.take(num_value_bytes), offset)

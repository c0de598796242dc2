"""What a WAV file's header promises, so that a file that was cut short is noticed.

libsndfile silently corrects the size in the header to what is there.
Source: Microsoft, Multimedia Programming Interface and Data Specifications 1.0 (RIFF);
EBU Tech 3306 (RF64).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

# Programs that write to a pipe do not know the size: ffmpeg writes 0xFFFFFFFF, sox 0x7FFFF000 and
# a bit, arecord 0x80000000. From here on the size promises nothing.
_UNKNOWN_BYTES = 0x7FFFF000
_IN_DS64 = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class DataChunk:
    """Bytes of sound that the header promises, and those that are in the file."""

    promised_bytes: int
    present_bytes: int


def data_chunk(path: Path) -> DataChunk | None:
    """Returns the sizes of the `data` chunk; None for no WAV file or one of unknown size.

    Raises:
        OSError: The file cannot be read.
    """
    file_bytes = path.stat().st_size
    with path.open("rb") as file:
        form, _, kind = struct.unpack("<4sI4s", file.read(12).ljust(12, b"\0"))
        if form not in (b"RIFF", b"RF64") or kind != b"WAVE":
            return None
        promised_bytes = _promised_bytes(file)
        if promised_bytes is None:
            return None
        return DataChunk(promised_bytes, min(promised_bytes, file_bytes - file.tell()))


def _promised_bytes(file: BinaryIO) -> int | None:
    """Walks the chunks to `data` and stays at its first byte."""
    ds64_bytes: int | None = None
    while len(header := file.read(8)) == 8:
        name, chunk_bytes = struct.unpack("<4sI", header)
        if name == b"data":
            if chunk_bytes == _IN_DS64 and ds64_bytes is not None:
                return ds64_bytes
            return chunk_bytes if chunk_bytes < _UNKNOWN_BYTES else None
        content = file.read(16) if name == b"ds64" else b""
        if len(content) == 16:
            _, ds64_bytes = struct.unpack("<QQ", content)
        file.seek(chunk_bytes + chunk_bytes % 2 - len(content), 1)
    return None

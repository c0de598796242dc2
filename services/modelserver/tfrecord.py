"""The payloads of a TFRecord file of a few records, each checked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from earshot.crc32c import masked_crc32c
from earshot.tfrecord import DamagedFraming, read_records
from services.modelserver.errors import LoadError


def read_payloads(path: Path) -> Iterator[bytes]:
    """The payloads of a file, in order.

    Raises:
        LoadError: The file cannot be read, or is cut or damaged; names the place.
    """
    try:
        for record in read_records(path):
            if masked_crc32c(record.payload) != record.payload_crc:
                place = f"{path}, byte {record.offset_bytes}"
                raise LoadError(f"{place}: checksum of the payload does not match")
            yield record.payload
    except OSError as error:
        raise LoadError(f"{path}: {error.strerror}") from None
    except DamagedFraming as damage:
        raise LoadError(f"{path}, byte {damage.offset_bytes}: {damage}") from None

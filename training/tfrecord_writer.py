"""TFRecord framing, written: the twin of `earshot.tfrecord`, without TensorFlow."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from earshot.crc32c import masked_crc32c_of_each
from training.whole_file import whole_file

_BATCH_RECORDS = 256  # checksums are computed side by side, so a batch costs little more than one


def write_records(path: Path, payloads: Iterable[bytes]) -> int:
    """Writes a file of records, whole or not at all.

    Args:
        path: The file; its folder must exist. What was there before stays when this fails.
        payloads: One per record, taken as they are needed; none at all gives an empty file.

    Returns:
        How many records were written.

    Raises:
        OSError: The file cannot be written; nothing half-written is left.
    """
    num_records = 0
    with whole_file(path) as aside, aside.open("wb") as file:
        for batch in _batches(payloads):
            file.write(b"".join(_framed(batch)))
            num_records += len(batch)
    return num_records


def _batches(payloads: Iterable[bytes]) -> Iterator[list[bytes]]:
    rest = iter(payloads)
    while batch := list(islice(rest, _BATCH_RECORDS)):
        yield batch


def _framed(payloads: Sequence[bytes]) -> Iterator[bytes]:
    lengths = [struct.pack("<Q", len(payload)) for payload in payloads]
    length_crcs = masked_crc32c_of_each(lengths).astype("<u4")
    payload_crcs = masked_crc32c_of_each(payloads).astype("<u4")
    for length, length_crc, payload, payload_crc in zip(
        lengths, length_crcs, payloads, payload_crcs, strict=True
    ):
        yield length + length_crc.tobytes() + payload + payload_crc.tobytes()

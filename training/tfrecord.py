"""What is damaged of TFRecord files: listed beside the records that are whole, not thrown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from earshot import tfrecord
from earshot.tfrecord import DamagedFraming, Record


class DamageKind(Enum):
    """What is damaged of a record."""

    BYTES = auto()  # cut, or a checksum does not match
    CONTENT = auto()  # not a labelled segment
    LABEL = auto()  # of a class that there is not


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a file that could not be read.

    Attributes:
        path: The file.
        offset_bytes: Where the damaged record begins.
        reason: What is wrong with it.
        kind: The same for programs.
    """

    path: Path
    offset_bytes: int
    reason: str
    kind: DamageKind = DamageKind.BYTES

    def __str__(self) -> str:
        return f"{self.path}, byte {self.offset_bytes}: {self.reason}"


def read_records(path: Path) -> Iterator[Record | Damage]:
    """Yields the records of a file in order, and at most one `Damage`, last.

    After a damaged length nothing tells where the next record begins, so reading stops there.
    Payload checksums are left to the caller, as by `earshot.tfrecord.read_records`.

    Args:
        path: A TFRecord file; an empty one yields nothing.

    Raises:
        OSError: The file cannot be read.
    """
    try:
        yield from tfrecord.read_records(path)
    except DamagedFraming as damage:
        yield Damage(path, damage.offset_bytes, str(damage))

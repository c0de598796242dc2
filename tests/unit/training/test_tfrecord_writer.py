"""Writing TFRecords: TensorFlow and our own reader read them, and a failure leaves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import tensorflow as tf

from earshot.crc32c import masked_crc32c_of_each
from earshot.tfrecord import read_records
from training.tfrecord_writer import write_records


@pytest.mark.parametrize(
    "payloads",
    [[], [b""], [b"a", b"", b"longer than the rest" * 100], [bytes([i % 256]) for i in range(600)]],
)
def test_tensorflow_reads_what_was_written(tmp_path: Path, payloads: list[bytes]) -> None:
    path = tmp_path / "some.tfrecord"

    assert write_records(path, iter(payloads)) == len(payloads)

    assert list(tf.data.TFRecordDataset(str(path)).as_numpy_iterator()) == payloads


def test_the_reader_reads_what_was_written(tmp_path: Path) -> None:
    path = tmp_path / "some.tfrecord"

    write_records(path, [b"one", b"another"])

    records = list(read_records(path))
    assert [record.payload for record in records] == [b"one", b"another"]
    crcs = masked_crc32c_of_each([b"one", b"another"])
    assert [record.payload_crc for record in records] == crcs.tolist()


def test_the_old_file_stays_when_a_payload_cannot_be_had(tmp_path: Path) -> None:
    path = tmp_path / "some.tfrecord"
    write_records(path, [b"old"])
    before = path.read_bytes()

    def breaking() -> Iterator[bytes]:
        yield b"new"
        raise OSError("the source is gone")

    with pytest.raises(OSError, match="the source is gone"):
        write_records(path, breaking())

    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]

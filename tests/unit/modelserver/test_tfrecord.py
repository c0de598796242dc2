import pytest

from services.modelserver.errors import LoadError
from services.modelserver.tfrecord import read_payloads

# Two records, b"dog" and b"", as tf.io.TFRecordWriter of TensorFlow 2.21 writes them.
RECORDS = bytes.fromhex("0300000000000000b099490e646f67bdff40ec000000000000000029039807d8ea82a2")
FIRST_BYTES = 8 + 4 + 3 + 4


def write(folder, content):
    path = folder / "records"
    path.write_bytes(content)
    return path


def test_payloads_come_in_order_when_tensorflow_wrote_them(tmp_path):
    assert list(read_payloads(write(tmp_path, RECORDS))) == [b"dog", b""]


def test_the_place_is_named_when_a_file_is_cut(tmp_path):
    payloads = read_payloads(write(tmp_path, RECORDS[:-1]))
    assert next(payloads) == b"dog"
    with pytest.raises(LoadError, match=f"records, byte {FIRST_BYTES}: cut within a payload"):
        next(payloads)


@pytest.mark.parametrize("place", range(FIRST_BYTES))
def test_load_error_when_any_byte_of_a_record_is_wrong(tmp_path, place):
    damaged = bytearray(RECORDS)
    damaged[place] ^= 0x10
    with pytest.raises(LoadError, match=r"byte 0: checksum of the \w+ does not match"):
        next(read_payloads(write(tmp_path, bytes(damaged))))


def test_load_error_when_there_is_no_file(tmp_path):
    with pytest.raises(LoadError, match="No such file"):
        next(read_payloads(tmp_path / "records"))

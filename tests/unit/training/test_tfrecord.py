"""Damage is listed after the records that are whole."""

from __future__ import annotations

from pathlib import Path

from earshot.tfrecord import Record
from training.tfrecord import Damage, read_records
from training.tfrecord_writer import write_records


def test_damage_comes_last_when_the_file_is_cut_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "cut.tfrecord"
    write_records(path, [b"abc", b"defg"])
    path.write_bytes(path.read_bytes()[:-6])
    whole, damage = read_records(path)
    assert isinstance(whole, Record)
    assert damage == Damage(path, 19, "cut within a payload of 4 bytes")
    assert str(damage) == f"{path}, byte 19: cut within a payload of 4 bytes"


def test_there_is_no_damage_when_the_file_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "two.tfrecord"
    write_records(path, [b"abc", b"defg"])
    assert all(isinstance(record, Record) for record in read_records(path))

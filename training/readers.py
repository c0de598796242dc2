"""AudioSet's released features: TFRecord shards in, arrays out.

A record is a `tf.train.SequenceExample`: context `video_id`, `start_time_seconds`, `labels` (class
indices); feature list `audio_embedding`, one string of 128 unsigned bytes per second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from earshot.crc32c import masked_crc32c_of_each
from earshot.events.errors import BadLabels
from earshot.events.labels import read_class_index
from earshot.tfrecord import Record
from training.errors import BadInput
from training.tfrecord import Damage, DamageKind, read_records

CODE_BYTES = 128


@dataclass(frozen=True, slots=True)
class ClassLabel:
    """One class: its place in the scores, its AudioSet id, its name."""

    index: int
    mid: str
    display_name: str


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Labelled segments.

    Attributes:
        ids: Video id and start, n of them, e.g. ``-4hZyOdm7EI@200``.
        codes: uint8 (n, t, 128), zero past the last frame; t is the longest segment's.
        num_frames: int32 (n,), 1..t.
        labels: bool (n, num_classes).
        damaged: What could not be read, by file and offset.
        num_dropped_frames: Of all segments together, past the most that a segment may have.
    """

    ids: list[str]
    codes: NDArray[np.uint8]
    num_frames: NDArray[np.int32]
    labels: NDArray[np.bool_]
    damaged: list[Damage]
    num_dropped_frames: int = 0

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: NDArray[np.int64]) -> Segments:
        """Returns the given rows, in the given order, without what was left out in reading."""
        ids = [self.ids[row] for row in rows]
        return Segments(ids, self.codes[rows], self.num_frames[rows], self.labels[rows], [])


def read_class_labels(path: Path) -> list[ClassLabel]:
    """Returns the classes of a CSV with the header ``index,mid,display_name``, ordered by index.

    Raises:
        BadInput: It is no list that the services would take; see `read_class_index`.
    """
    try:
        classes = read_class_index(path)
    except BadLabels as error:
        raise BadInput(str(error)) from None
    names = zip(classes.mids, classes.display_names, strict=True)
    return [ClassLabel(index, mid, name) for index, (mid, name) in enumerate(names)]


def _name(context: Mapping[str, tf.train.Feature]) -> str:
    """Returns video id and start; YouTube-8M calls the id `id`, AudioSet `video_id`."""
    key = "video_id" if "video_id" in context else "id"
    if key not in context:
        raise ValueError("the context must hold video_id or id")
    video_id = context[key].bytes_list.value[0].decode()
    start_s = context["start_time_seconds"].float_list.value
    return f"{video_id}@{start_s[0]:g}" if start_s else video_id


class _UnknownClass(ValueError):
    """A label of a class that there is not."""


def _decode(record: Record, num_classes: int) -> tuple[str, list[bytes], list[int]]:
    example = tf.train.SequenceExample.FromString(record.payload)
    context = example.context.feature
    labels = list(context["labels"].int64_list.value)
    if not all(0 <= label < num_classes for label in labels):
        raise _UnknownClass(f"a label outside 0..{num_classes - 1}: {labels}")
    features = example.feature_lists.feature_list["audio_embedding"].feature
    frames = [feature.bytes_list.value[0] for feature in features if feature.bytes_list.value]
    if not frames or any(len(frame) != CODE_BYTES for frame in frames):
        raise ValueError(f"audio_embedding must hold strings of {CODE_BYTES} bytes, at least one")
    return _name(context), frames, labels


def _intact(records: list[Record], damaged: list[Damage]) -> list[Record]:
    crcs = masked_crc32c_of_each([record.payload for record in records])
    intact = []
    for record, crc in zip(records, crcs, strict=True):
        if int(crc) == record.payload_crc:
            intact.append(record)
        else:
            damaged.append(
                Damage(record.path, record.offset_bytes, "checksum of the payload does not match")
            )
    return intact


def _shown(paths: Sequence[Path], console: Console | None) -> Iterable[Path]:
    if console is None or not console.is_terminal:
        return paths
    return track(paths, description=f"reading {len(paths)} shards", console=console)


def read_segments(
    paths: Sequence[Path],
    num_classes: int,
    max_frames: int = 10,
    console: Console | None = None,
) -> Segments:
    """Reads whole shards into arrays.

    Args:
        paths: TFRecord files, read in the given order.
        num_classes: Labels must be below this.
        max_frames: A segment's frames past this many are dropped, and counted.
        console: Where a progress bar goes, if it is a terminal; None for none.

    Returns:
        The intact segments; each damaged record is listed in `Segments.damaged`.

    Raises:
        OSError: A file cannot be read.
    """
    damaged: list[Damage] = []
    records: list[Record] = []
    for path in _shown(paths, console):
        for found in read_records(path):
            (records if isinstance(found, Record) else damaged).append(found)  # type: ignore[arg-type]
    decoded, num_dropped_frames = [], 0
    for record in _intact(records, damaged):
        try:
            name, frames, labels = _decode(record, num_classes)
        except Exception as error:  # protobuf's DecodeError, or a field that is not there
            is_unknown = isinstance(error, _UnknownClass)
            kind = DamageKind.LABEL if is_unknown else DamageKind.CONTENT
            damaged.append(Damage(record.path, record.offset_bytes, str(error), kind))
            continue
        num_dropped_frames += max(len(frames) - max_frames, 0)
        decoded.append((name, b"".join(frames[:max_frames]), labels))
    segments = _to_arrays(decoded, num_classes)
    return replace(segments, damaged=damaged, num_dropped_frames=num_dropped_frames)


def _to_arrays(decoded: list[tuple[str, bytes, list[int]]], num_classes: int) -> Segments:
    max_frames = max((len(frames) // CODE_BYTES for _, frames, _ in decoded), default=0)
    codes = np.zeros((len(decoded), max_frames, CODE_BYTES), np.uint8)
    num_frames = np.zeros(len(decoded), np.int32)
    labels = np.zeros((len(decoded), num_classes), np.bool_)
    for row, (_, frames, positives) in enumerate(decoded):
        num_frames[row] = len(frames) // CODE_BYTES
        codes[row, : num_frames[row]] = np.frombuffer(frames, np.uint8).reshape(-1, CODE_BYTES)
        labels[row, positives] = True
    return Segments([name for name, _, _ in decoded], codes, num_frames, labels, [])


def holdout_rows(ids: Sequence[str], share: float, seed: int) -> NDArray[np.bool_]:
    """Returns bool (n,): which segments to keep out of training, those of about `share` recordings.

    A recording's segments stay together: what comes before the `@` of an id names it.
    """
    recordings = dict.fromkeys(name.rpartition("@")[0] or name for name in ids)
    drawn = np.random.default_rng(seed).random(len(recordings)) < share
    is_held_out = dict(zip(recordings, drawn.tolist(), strict=True))
    return np.array([is_held_out[name.rpartition("@")[0] or name] for name in ids], np.bool_)

"""AudioSet's features: from SequenceExamples to arrays, with damage counted and located."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

tf = pytest.importorskip("tensorflow", reason="needs the training extra (tensorflow-cpu)")

from training.errors import BadInput  # noqa: E402
from training.readers import holdout_rows, read_class_labels, read_segments  # noqa: E402
from training.tfrecord import DamageKind  # noqa: E402


def example(
    video_id: str, frames: np.ndarray, labels: list[int], id_key: str = "video_id"
) -> bytes:
    features = tf.train.FeatureList(
        feature=[
            tf.train.Feature(bytes_list=tf.train.BytesList(value=[frame.tobytes()]))
            for frame in frames
        ]
    )
    context = {
        id_key: tf.train.Feature(bytes_list=tf.train.BytesList(value=[video_id.encode()])),
        "start_time_seconds": tf.train.Feature(float_list=tf.train.FloatList(value=[30.0])),
        "labels": tf.train.Feature(int64_list=tf.train.Int64List(value=labels)),
    }
    message = tf.train.SequenceExample(
        context=tf.train.Features(feature=context),
        feature_lists=tf.train.FeatureLists(feature_list={"audio_embedding": features}),
    )
    return bytes(message.SerializeToString())


def write_shard(path: Path, payloads: list[bytes]) -> None:
    with tf.io.TFRecordWriter(str(path)) as writer:
        for payload in payloads:
            writer.write(payload)


@pytest.fixture
def frames() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (10, 128), dtype=np.uint8)


def test_segments_are_read_as_written_by_tensorflow(tmp_path: Path, frames: np.ndarray) -> None:
    shard = tmp_path / "a.tfrecord"
    write_shard(shard, [example("x", frames, [0, 3]), example("y", frames[:4], [1])])
    segments = read_segments([shard], num_classes=5)
    assert segments.ids == ["x@30", "y@30"]
    assert segments.num_frames.tolist() == [10, 4]
    assert segments.labels.tolist() == [[True, False, False, True, False], [0, 1, 0, 0, 0]]
    np.testing.assert_array_equal(segments.codes[0], frames)
    np.testing.assert_array_equal(segments.codes[1, :4], frames[:4])
    assert not segments.codes[1, 4:].any()
    assert segments.damaged == []


def test_the_rest_is_read_when_a_shard_is_cut_in_the_middle(
    tmp_path: Path, frames: np.ndarray
) -> None:
    shards = [tmp_path / "a.tfrecord", tmp_path / "b.tfrecord"]
    for shard in shards:
        write_shard(shard, [example("x", frames, [0]), example("y", frames, [1])])
    content = shards[0].read_bytes()
    shards[0].write_bytes(content[:-100])
    segments = read_segments(shards, num_classes=5)
    assert len(segments) == 3
    (damage,) = segments.damaged
    assert (damage.path, damage.offset_bytes) == (shards[0], len(content) // 2)


def test_a_record_with_a_flipped_byte_is_left_out_and_located(
    tmp_path: Path, frames: np.ndarray
) -> None:
    shard = tmp_path / "a.tfrecord"
    write_shard(shard, [example("x", frames, [0]), example("y", frames, [1])])
    content = bytearray(shard.read_bytes())
    content[200] ^= 1
    shard.write_bytes(content)
    segments = read_segments([shard], num_classes=5)
    assert segments.ids == ["y@30"]
    assert segments.damaged[0].offset_bytes == 0
    assert segments.damaged[0].kind is DamageKind.BYTES
    assert "checksum of the payload" in segments.damaged[0].reason


@pytest.mark.parametrize(
    ("width", "labels", "reason", "kind"),
    [
        (128, [7], "a label outside 0..4", DamageKind.LABEL),
        (64, [1], "strings of 128 bytes", DamageKind.CONTENT),
    ],
)
def test_a_foreign_record_is_left_out_with_its_reason(
    tmp_path: Path,
    frames: np.ndarray,
    width: int,
    labels: list[int],
    reason: str,
    kind: DamageKind,
) -> None:
    shard = tmp_path / "a.tfrecord"
    write_shard(shard, [example("x", frames[:, :width], labels)])
    segments = read_segments([shard], num_classes=5)
    assert len(segments) == 0
    assert reason in segments.damaged[0].reason
    assert segments.damaged[0].kind is kind


def test_records_of_youtube_8m_are_read_by_their_id(tmp_path: Path, frames: np.ndarray) -> None:
    shard = tmp_path / "a.tfrecord"
    write_shard(shard, [example("x", frames, [0], "id"), example("y", frames, [1], "name")])
    segments = read_segments([shard], num_classes=5)
    assert segments.ids == ["x@30"]
    assert "video_id or id" in segments.damaged[0].reason


def test_codes_are_as_long_as_the_longest_segment(tmp_path: Path, frames: np.ndarray) -> None:
    shard = tmp_path / "a.tfrecord"
    write_shard(shard, [example("x", frames[:3], [0]), example("y", frames[:7], [1])])
    whole = read_segments([shard], num_classes=5, max_frames=300)
    assert (whole.codes.shape, whole.num_dropped_frames) == ((2, 7, 128), 0)
    cut = read_segments([shard], num_classes=5, max_frames=5)
    assert (cut.num_frames.tolist(), cut.num_dropped_frames) == ([3, 5], 2)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ('0,/m/1,"a, b"\n2,/m/2,c\n', r"labels.csv:3: expected 1,mid,display_name: \['2'"),
        ("0,/m/1,a\n1,/m/2,a\n", "labels.csv:3: a second class named 'a'"),
        ("0,/m/1,\n", "labels.csv:2: expected 0,mid,display_name"),
        ("0,/m/1\n", "labels.csv:2: expected 0,mid,display_name"),
        ("", "labels.csv:1: expected the header index,mid,display_name and a row per class"),
    ],
)
def test_class_labels_that_the_services_would_refuse_are_refused(
    tmp_path: Path, rows: str, sentence: str
) -> None:
    path = tmp_path / "labels.csv"
    path.write_text("index,mid,display_name\n" + rows)
    with pytest.raises(BadInput, match=sentence):
        read_class_labels(path)


def test_class_labels_keep_commas_in_names(tmp_path: Path) -> None:
    path = tmp_path / "labels.csv"
    path.write_text('index,mid,display_name\n0,/m/1,"a, b"\n')
    assert read_class_labels(path)[0].display_name == "a, b"


def test_held_out_rows_are_the_same_for_the_same_seed() -> None:
    ids = [str(i) for i in range(1000)]
    rows = holdout_rows(ids, share=0.1, seed=1)
    assert 60 < rows.sum() < 140
    np.testing.assert_array_equal(rows, holdout_rows(ids, share=0.1, seed=1))


def test_segments_of_one_recording_are_held_out_together() -> None:
    ids = [f"{recording}@{start}" for recording in range(200) for start in (0, 9.6, 19.2)]
    is_held_out = holdout_rows(ids, share=0.3, seed=1).reshape(200, 3)
    assert (is_held_out.all(axis=1) | ~is_held_out.any(axis=1)).all()
    assert 0.2 < is_held_out.mean() < 0.4

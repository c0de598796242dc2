"""A segment as AudioSet's released features have it: one `tf.train.SequenceExample`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """Sound with labels.

    Attributes:
        recording_id: The recording it is from; AudioSet's `video_id`.
        start_s: Where it begins there.
        end_s: Where it ends; less than its patches where a short recording was padded.
        labels: Names, none for background.
        codes: uint8 (num_patches, 128).
    """

    recording_id: str
    start_s: float
    end_s: float
    labels: tuple[str, ...]
    codes: NDArray[np.uint8]


def encode_segment(segment: Segment, label_indices: Sequence[int]) -> bytes:
    """Returns the serialised example: the context, and `audio_embedding` with a string per patch.

    Args:
        segment: What to write.
        label_indices: Of its labels, in the order of the dataset's classes.
    """
    context = {
        "video_id": _feature(bytes_list=tf.train.BytesList(value=[segment.recording_id.encode()])),
        "start_time_seconds": _feature(float_list=tf.train.FloatList(value=[segment.start_s])),
        "end_time_seconds": _feature(float_list=tf.train.FloatList(value=[segment.end_s])),
        "labels": _feature(int64_list=tf.train.Int64List(value=label_indices)),
    }
    patches = tf.train.FeatureList(
        feature=[
            _feature(bytes_list=tf.train.BytesList(value=[codes.tobytes()]))
            for codes in segment.codes
        ]
    )
    example = tf.train.SequenceExample(
        context=tf.train.Features(feature=context),
        feature_lists=tf.train.FeatureLists(feature_list={"audio_embedding": patches}),
    )
    return bytes(example.SerializeToString(deterministic=True))


def _feature(**kind: object) -> tf.train.Feature:
    return tf.train.Feature(**kind)

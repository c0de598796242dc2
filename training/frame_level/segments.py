"""From a network of whole segments to scores that padding cannot touch."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from training.frame_level.frames import FEATURE_SIZE, mask_frames, normalise

# So many frames of DBoF's clusters take 170 MB.
FRAMES_AT_A_TIME = 5120

# (network, values, num_frames, training) -> scores, patch_scores; see `score_segments`.
ScoreSegments: TypeAlias = Callable[
    [keras.Model, tf.Tensor, tf.Tensor, bool], tuple[tf.Tensor, tf.Tensor]
]
# (network, values, num_frames) -> scores of each member; see `score_members`.
ScoreMembers: TypeAlias = Callable[[keras.Model, tf.Tensor, tf.Tensor], tf.Tensor]


def segment_inputs() -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Returns the inputs of a segment network.

    Returns:
        Normalised values (t, 128), 0 where there is no frame; and is_frame bool (t,), true for
        the frames and false for the padding after them.
    """
    values = keras.Input((None, FEATURE_SIZE), name="values")
    return values, keras.Input((None,), dtype="bool", name="is_frame")


def score_segments(
    network: keras.Model, values: tf.Tensor, num_frames: tf.Tensor, training: bool = False
) -> tuple[tf.Tensor, tf.Tensor]:
    """Scores segments and their patches.

    Args:
        network: Takes `segment_inputs`, gives scores (n, c), causal patch scores (n, t, c) and, if
            it has members, the scores of each.
        values: float32 (n, t, 128) in the embedding space, anything past a segment's last frame.
        num_frames: int32 (n,), how many frames of each segment count; outside 0..t it is clipped.
        training: Whether dropout and batch statistics are on.

    Returns:
        scores float32 (n, c), 0 without frames; and patch_scores float32 (n, t, c): the belief
        about each frame given the frames up to it, 0 past the last.
    """
    values, is_frame = mask_frames(values, num_frames)
    scores, patch_scores, *_ = network((normalise(values), is_frame), training=training)
    has_frames = tf.reduce_any(is_frame, axis=1)
    return (
        tf.where(has_frames[:, None], scores, 0.0),
        tf.where(is_frame[..., None], patch_scores, 0.0),
    )


def score_members(network: keras.Model, values: tf.Tensor, num_frames: tf.Tensor) -> tf.Tensor:
    """Returns what a training judges: the scores of each member of a network, float32 (n, m, c).

    A network of several members has them as its third output, any other is its only member.
    Dropout and batch statistics are on; the rest is as in `score_segments`.
    """
    values, is_frame = mask_frames(values, num_frames)
    scores, _, *members = network((normalise(values), is_frame), training=True)
    return members[0] if members else scores[:, None]


def score_in_batches(
    score: Callable[[tf.Tensor, tf.Tensor], tf.Tensor],
    codes: NDArray[np.uint8],
    num_frames: NDArray[np.int32],
) -> NDArray[np.float32]:
    """Returns the scores of at least one segment, float32 (n, c), computed a batch at a time.

    Args:
        score: From codes (b, t, 128) and frame counts (b,) to scores (b, c).
        codes: uint8 (n, t, 128).
        num_frames: int32 (n,).
    """
    batch_size = max(1, FRAMES_AT_A_TIME // max(codes.shape[1], 1))
    return np.concatenate(
        [
            score(
                tf.constant(codes[start : start + batch_size]),
                tf.constant(num_frames[start : start + batch_size]),
            ).numpy()
            for start in range(0, len(codes), batch_size)
        ]
    )

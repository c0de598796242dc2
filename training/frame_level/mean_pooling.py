"""A perceptron per patch, averaged over patches: simple, and its patch scores mean something.

Each patch goes through the same two dense layers; a segment's score is the mean of its patches'
sigmoids. So a segment label teaches patches, and the score of a patch stands by itself.
"""

from __future__ import annotations

import keras
import tensorflow as tf

from training.frame_level.frames import FEATURE_SIZE, mask_frames, normalise

HIDDEN_UNITS = 1024
DROPOUT = 0.5
# Most classes are absent from most segments: start from sigmoid(-5) = 0.7 %.
OUTPUT_BIAS = -5.0


def build_patch_network(num_classes: int) -> keras.Model:
    """Returns the network of one patch: normalised float32 (n, 128) -> sigmoids (n, classes)."""
    patch = keras.Input((FEATURE_SIZE,))
    hidden = keras.layers.Dense(HIDDEN_UNITS, use_bias=False, name="hidden")(patch)
    hidden = keras.layers.BatchNormalization(name="hidden_norm")(hidden)
    hidden = keras.layers.ReLU()(hidden)
    hidden = keras.layers.Dropout(DROPOUT)(hidden)
    bias = keras.initializers.Constant(OUTPUT_BIAS)
    scores = keras.layers.Dense(
        num_classes, activation="sigmoid", bias_initializer=bias, name="scores"
    )(hidden)
    return keras.Model(patch, scores, name="mean_pooling")


def score_segments(
    network: keras.Model, values: tf.Tensor, num_frames: tf.Tensor, training: bool = False
) -> tuple[tf.Tensor, tf.Tensor]:
    """Scores segments and their patches.

    Args:
        network: From `build_patch_network`.
        values: float32 (n, t, 128) in the embedding space, anything past a segment's last frame.
        num_frames: int32 (n,), how many frames of each segment count; outside 0..t it is clipped.
        training: Whether dropout and batch statistics are on.

    Returns:
        scores float32 (n, c): the mean over the frames, 0 without frames; and patch_scores
        float32 (n, t, c): each frame by itself, 0 past the last.
    """
    num_rows, length = tf.shape(values)[0], tf.shape(values)[1]
    values, is_frame = mask_frames(values, num_frames)
    flat = tf.reshape(normalise(values), [-1, FEATURE_SIZE])
    flat_scores = network(flat, training=training)
    patch_scores = tf.reshape(flat_scores, [num_rows, length, flat_scores.shape[-1]])
    patch_scores = tf.where(is_frame[..., None], patch_scores, 0.0)
    divisor = tf.maximum(tf.reduce_sum(tf.cast(is_frame, tf.float32), axis=1), 1.0)[:, None]
    return tf.reduce_sum(patch_scores, axis=1) / divisor, patch_scores


def score_members(network: keras.Model, values: tf.Tensor, num_frames: tf.Tensor) -> tf.Tensor:
    """Returns the scores as those of an only member, float32 (n, 1, c), with dropout on."""
    return score_segments(network, values, num_frames, training=True)[0][:, None]

"""What every frame-level model does to its frames: dequantise, normalise, mask."""

from __future__ import annotations

import numpy as np
import tensorflow as tf

FEATURE_SIZE = 128


def dequantise(codes: tf.Tensor) -> tf.Tensor:
    """Turns bytes into values of [-2, 2]. Source: google/youtube-8m `utils.py`, Dequantize.

    Args:
        codes: uint8, or float32 holding 0..255, of any shape.

    Returns:
        float32 of the same shape: v * 4/255 + (4/512 - 2).
    """
    return tf.cast(codes, tf.float32) * (4.0 / 255.0) + (4.0 / 512.0 - 2.0)


def normalise(values: tf.Tensor) -> tf.Tensor:
    """Scales each row of 128 values to unit RMS: its direction counts, its length does not.

    That is YouTube-8M's L2 normalisation times sqrt(128), a size that dense layers start well from.
    """
    return tf.math.l2_normalize(values, axis=-1, epsilon=1e-12) * float(np.sqrt(FEATURE_SIZE))


def mask_frames(values: tf.Tensor, num_frames: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns the values with 0 past each segment's last frame, and which frames count.

    Args:
        values: float32 (n, t, 128), anything past the last frame.
        num_frames: int32 (n,); outside 0..t it is clipped.

    Returns:
        float32 (n, t, 128) and bool (n, t).
    """
    length = tf.shape(values)[1]
    counts = tf.clip_by_value(num_frames, 0, length)
    is_frame = tf.range(length)[None, :] < counts[:, None]
    return tf.where(is_frame[..., None], values, 0.0), is_frame

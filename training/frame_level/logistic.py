"""Frame-level logistic: one dense layer on the mean of the frames.

Source: google/youtube-8m `frame_level_models.py`, FrameLevelLogisticModel. Corrected: frames are
masked, and a segment without any gives no NaN.
"""

from __future__ import annotations

import keras
from keras import ops

from training.frame_level.mean_pooling import OUTPUT_BIAS
from training.frame_level.moe import L2_PENALTY
from training.frame_level.segments import segment_inputs
from training.frame_level.settings import NetworkSizes


def build_logistic(sizes: NetworkSizes) -> keras.Model:
    """Returns the network; a patch's score is that of a segment of this patch alone."""
    values, is_frame = segment_inputs()
    classify = keras.layers.Dense(
        sizes.num_classes,
        activation="sigmoid",
        bias_initializer=keras.initializers.Constant(OUTPUT_BIAS),
        kernel_regularizer=keras.regularizers.L2(L2_PENALTY),
        name="scores",
    )
    num_frames = ops.sum(ops.cast(is_frame, "float32"), axis=1, keepdims=True)
    # Padding is 0, so it adds nothing to the sum.
    mean = ops.sum(values, axis=1) / ops.maximum(num_frames, 1.0)
    return keras.Model((values, is_frame), (classify(mean), classify(values)), name="logistic")

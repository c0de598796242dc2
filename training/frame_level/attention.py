"""Attention pooling: per class, some frames speak for the segment more than others.

Two dense layers per frame; of their output one layer judges the frame, another says how much its
judgement weighs. Source of the pooling: Kong et al., Audio Set classification with attention
model, arXiv 1711.00927.
"""

from __future__ import annotations

import keras
from keras import ops

from training.frame_level.mean_pooling import OUTPUT_BIAS
from training.frame_level.segments import segment_inputs
from training.frame_level.settings import NetworkSizes

DROPOUT = 0.4
NUM_HIDDEN_LAYERS = 2
# Stands for minus infinity: its exponential is exactly 0, and a row of it alone gives no NaN.
NO_WEIGHT = -1e9


def build_attention(sizes: NetworkSizes) -> keras.Model:
    """Returns the network; a patch's score is that of a segment of this patch alone."""
    values, is_frame = segment_inputs()
    hidden = values
    for layer in range(1, NUM_HIDDEN_LAYERS + 1):
        name = f"hidden_{layer}"
        hidden = keras.layers.Dense(sizes.attention_units, use_bias=False, name=name)(hidden)
        hidden = keras.layers.BatchNormalization(name=f"{name}_norm")(hidden, mask=is_frame)
        hidden = keras.layers.Dropout(DROPOUT)(keras.layers.ReLU()(hidden))
    patch_scores = keras.layers.Dense(
        sizes.num_classes,
        activation="sigmoid",
        bias_initializer=keras.initializers.Constant(OUTPUT_BIAS),
        name="scores",
    )(hidden)
    weights = keras.layers.Dense(sizes.num_classes, name="weights")(hidden)
    weights = ops.where(ops.expand_dims(is_frame, -1), weights, NO_WEIGHT)
    scores = ops.sum(ops.softmax(weights, axis=1) * patch_scores, axis=1)
    return keras.Model((values, is_frame), (scores, patch_scores), name="attention")

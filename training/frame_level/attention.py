"""Attention pooling: per class, some frames speak for the segment more than others.

Several networks side by side, each trained for itself, and their scores averaged: one alone learns
the balanced split by heart in its own way, and what they have in common holds elsewhere. In each,
two dense layers per frame; of their output one layer judges the frame, another says how much its
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
    """Returns the network; a patch's score is that of a segment of this patch alone.

    Its third output are the scores of each member, (n, m, c).
    """
    values, is_frame = segment_inputs()
    members = [
        _member(values, is_frame, sizes, f"member_{number}")
        for number in range(1, sizes.attention_members + 1)
    ]
    member_scores = ops.stack([scores for scores, _ in members], axis=1)
    patch_scores = ops.mean(ops.stack([scores for _, scores in members], axis=0), axis=0)
    outputs = (ops.mean(member_scores, axis=1), patch_scores, member_scores)
    return keras.Model((values, is_frame), outputs, name="attention")


def _member(
    values: keras.KerasTensor, is_frame: keras.KerasTensor, sizes: NetworkSizes, name: str
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Returns scores (n, c) and patch scores (n, t, c)."""
    hidden = values
    for layer in range(1, NUM_HIDDEN_LAYERS + 1):
        hidden_name = f"{name}_hidden_{layer}"
        dense = keras.layers.Dense(sizes.attention_units, use_bias=False, name=hidden_name)
        norm = keras.layers.BatchNormalization(name=f"{hidden_name}_norm")
        hidden = keras.layers.ReLU()(norm(dense(hidden), mask=is_frame))
        hidden = keras.layers.Dropout(DROPOUT)(hidden)
    patch_scores = keras.layers.Dense(
        sizes.num_classes,
        activation="sigmoid",
        bias_initializer=keras.initializers.Constant(OUTPUT_BIAS),
        name=f"{name}_scores",
    )(hidden)
    weights = keras.layers.Dense(sizes.num_classes, name=f"{name}_weights")(hidden)
    weights = ops.where(ops.expand_dims(is_frame, -1), weights, NO_WEIGHT)
    return ops.sum(ops.softmax(weights, axis=1) * patch_scores, axis=1), patch_scores

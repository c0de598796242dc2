"""Deep bag of frames: each frame excites clusters, the strongest excitation of each is kept.

Source: google/youtube-8m `frame_level_models.py`, DbofModel, with relu6 as in 2017. Corrected:
when it scores, every frame is looked at instead of 30 drawn at random, so that it is deterministic;
only in training some are left out by chance. Batch normalisation leaves padding out, and its
statistics are exported.
"""

from __future__ import annotations

import math

import keras
from keras import ops

from training.frame_level.frames import FEATURE_SIZE
from training.frame_level.moe import MixtureOfExperts
from training.frame_level.segments import segment_inputs
from training.frame_level.settings import NetworkSizes

DROPOUT = 0.5
# Of a segment's frames, while it trains: as many as ten draws with repetition from ten leave out.
FRAME_DROPOUT = 0.35


def build_dbof(sizes: NetworkSizes) -> keras.Model:
    """Returns the network; a patch's score is that of a segment of this patch alone."""
    values, is_frame = segment_inputs()
    frames = keras.layers.BatchNormalization(name="input_norm")(values, mask=is_frame)
    clusters = keras.layers.Dense(
        sizes.dbof_cluster_size,
        use_bias=False,
        kernel_initializer=keras.initializers.RandomNormal(stddev=1 / math.sqrt(FEATURE_SIZE)),
        name="clusters",
    )(frames)
    clusters = keras.layers.BatchNormalization(name="clusters_norm")(clusters, mask=is_frame)
    clusters = ops.relu6(clusters)
    drawn = ops.where(ops.expand_dims(_drawn(is_frame), -1), clusters, 0.0)
    classify = _Head(sizes)
    scores = classify(ops.max(drawn, axis=1, keepdims=True))[:, 0]
    patch_scores = classify(clusters, training=False)
    return keras.Model((values, is_frame), (scores, patch_scores), name="dbof")


def _drawn(is_frame: keras.KerasTensor) -> keras.KerasTensor:
    """Returns which frames are looked at, bool (n, t): while it trains some, and at least one."""
    is_drawn = keras.layers.Dropout(FRAME_DROPOUT)(ops.cast(is_frame, "float32")) > 0
    return ops.where(ops.any(is_drawn, axis=1, keepdims=True), is_drawn, is_frame)


class _Head:
    """From pooled clusters (n, t, cluster_size) to probabilities (n, t, num_classes)."""

    def __init__(self, sizes: NetworkSizes) -> None:
        stddev = 1 / math.sqrt(sizes.dbof_cluster_size)
        self._hidden = keras.layers.Dense(
            sizes.dbof_hidden_size,
            use_bias=False,
            kernel_initializer=keras.initializers.RandomNormal(stddev=stddev),
            name="hidden",
        )
        self._norm = keras.layers.BatchNormalization(name="hidden_norm")
        self._dropout = keras.layers.Dropout(DROPOUT)
        self._experts = MixtureOfExperts(sizes.num_classes, sizes.moe_num_mixtures)

    def __call__(
        self, clusters: keras.KerasTensor, training: bool | None = None
    ) -> keras.KerasTensor:
        # Patches are scored with training=False: they must not move the segments' statistics.
        hidden = ops.relu6(self._norm(self._hidden(clusters), training=training))
        return self._experts(self._dropout(hidden, training=training))

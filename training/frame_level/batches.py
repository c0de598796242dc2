"""The batches of an epoch, through tf.data: gathered from memory, mixed in pairs, prefetched.

Everything random is drawn by numpy beforehand, so the batches of an epoch depend on its generator
alone: not on threads, and not on the epochs before it.
"""

from __future__ import annotations

import numpy as np
import tensorflow as tf

from training.frame_level.settings import FitSettings
from training.frame_level.train import Batch
from training.readers import Segments

# While a step computes, the next batch is gathered. That helps where an accelerator computes; where
# the steps keep every core busy it is as fast as gathering between them, but for 20 ms an epoch.
_PREFETCHED_BATCHES = 2


class Batches:
    """Segments as tensors in memory, dealt out in batches.

    Args:
        segments: At least a batch of them.
        settings: Its batch size, mixup and seed count.

    Attributes:
        num_steps: Batches per epoch; the segments that fill no batch are left out of it.
    """

    def __init__(self, segments: Segments, settings: FitSettings) -> None:
        self.num_steps = len(segments) // settings.batch_size
        self._settings = settings
        self._num_segments = len(segments)
        with tf.device("CPU:0"):
            self._tensors = (
                tf.constant(segments.codes),
                tf.constant(segments.num_frames),
                tf.constant(segments.labels),
            )

    def epoch(self, number: int) -> tf.data.Dataset:
        """Returns the batches of an epoch, each with its partners and the shares of the mix.

        With a `mixup_beta` of 0 nothing is mixed: each segment is its own partner.

        Args:
            number: 0, 1, 2 … One number gives the same batches each time.

        Returns:
            `num_steps` of (batch, partner batch, float32 (b,) shares of the first).
        """
        size, beta = self._settings.batch_size, self._settings.mixup_beta
        rng = np.random.default_rng([self._settings.seed, number])
        order = rng.permutation(self._num_segments)[: self.num_steps * size]
        rows = order.reshape(self.num_steps, size)
        partners = rows.copy()
        shares = np.ones(rows.shape, np.float32)
        if beta:
            for step in range(self.num_steps):
                partners[step] = rng.permutation(rows[step])
                shares[step] = rng.beta(beta, beta, size)
        return (
            tf.data.Dataset.from_tensor_slices((rows, partners, shares))
            .map(lambda rows, partners, shares: (self._take(rows), self._take(partners), shares))
            .prefetch(_PREFETCHED_BATCHES)
        )

    def _take(self, rows: tf.Tensor) -> Batch:
        codes, num_frames, labels = (tf.gather(tensor, rows) for tensor in self._tensors)
        return codes, num_frames, tf.cast(labels, tf.float32)

"""Training a frame-level model for all that will feed it: AudioSet's embeddings and an embedder's.

The same weights learn AudioSet's labels on AudioSet's features, so they are a model of that space,
and the targets of lessons on the embedder's codes, so the two that ship together work together. A
code is a window of one patch: so the scores of patches mean something by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from rich.console import Console

from training.errors import BadInput
from training.frame_level.frames import dequantise
from training.frame_level.registry import Architecture
from training.frame_level.settings import FitSettings, NetworkSizes
from training.frame_level.train import Batch, cross_entropy, make_optimizer, mix, mixed_batch
from training.readers import Segments


@dataclass(frozen=True, slots=True, eq=False)
class TaughtCodes:
    """Codes of an embedder and what to score on them.

    Attributes:
        codes: uint8 (n, 128).
        targets: float16 (n, c), 0..1.
        weights: bool (n, c), False where there is no target to learn from.
    """

    codes: NDArray[np.uint8]
    targets: NDArray[np.float16]
    weights: NDArray[np.bool_]


def train_jointly(
    architecture: Architecture,
    segments: Segments,
    taught: TaughtCodes,
    settings: FitSettings,
    console: Console,
) -> keras.Model:
    """Trains a network on both and returns it, with the running average of its weights.

    Args:
        architecture: Its network takes segments of any length.
        segments: AudioSet's features and labels, at least one batch.
        taught: The embedder's codes; in each step as many as segments.
        settings: All segments train: its validation share and patience have no meaning here.
        console: Where one line per epoch goes.

    Raises:
        BadInput: Fewer segments than a batch.
    """
    if len(segments) < settings.batch_size:
        raise BadInput(f"{len(segments)} segments do not fill a batch of {settings.batch_size}")
    keras.utils.set_random_seed(settings.seed)
    rng = np.random.default_rng(settings.seed)
    network = architecture.build(NetworkSizes(num_classes=segments.labels.shape[1]))
    num_steps = len(segments) // settings.batch_size
    optimizer = make_optimizer(
        network,
        num_steps * settings.num_epochs,
        settings.base_learning_rate,
        settings.weight_decay,
    )
    averages = [tf.Variable(weight.value) for weight in network.weights]
    step = _make_step(network, optimizer, averages, architecture)
    for epoch in range(settings.num_epochs):
        order = rng.permutation(len(segments))[: num_steps * settings.batch_size]
        losses = []
        for index, rows in enumerate(order.reshape(num_steps, -1)):
            number = epoch * num_steps + index
            keep = min(settings.averaging, (1 + number) / (10 + number))
            mixed = mixed_batch(segments, rows, settings.mixup_beta, rng)
            codes = _taught_batch(taught, rng.integers(len(taught.codes), size=settings.batch_size))
            losses.append(tf.stack(step(*mixed, codes, tf.constant(keep, tf.float32))).numpy())
        of_segments, of_codes = np.mean(losses, axis=0)
        console.print(
            f"epoch {epoch + 1}/{settings.num_epochs}: "
            f"AudioSet {of_segments:.3f}, embedder {of_codes:.3f}"
        )
    network.set_weights([average.numpy() for average in averages])
    return network


def _taught_batch(taught: TaughtCodes, rows: NDArray[np.int64]) -> Batch:
    return (
        tf.constant(taught.codes[rows, None]),
        tf.constant(taught.targets[rows].astype(np.float32)),
        tf.constant(taught.weights[rows].astype(np.float32)),
    )


def _make_step(
    network: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    averages: list[tf.Variable],
    architecture: Architecture,
) -> Callable[..., tuple[tf.Tensor, tf.Tensor]]:
    variables = network.trainable_variables

    @tf.function
    def step(
        batch: Batch, partner: Batch, shares: tf.Tensor, taught: Batch, keep: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        values, num_frames, labels = mix(batch, partner, shares)
        codes, targets, weights = taught
        one_frame = tf.ones([tf.shape(codes)[0]], tf.int32)
        with tf.GradientTape() as tape:
            scores = architecture.score_members(network, values, num_frames)
            of_segments = cross_entropy(scores, labels[:, None])
            scores = architecture.score_members(network, dequantise(codes), one_frame)
            of_codes = cross_entropy(scores, targets[:, None], weights[:, None])
            loss = of_segments + of_codes
        gradients = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(gradients, variables, strict=True))
        for average, weight in zip(averages, network.weights, strict=True):
            average.assign(keep * average + (1.0 - keep) * weight.value)
        return of_segments, of_codes

    return step

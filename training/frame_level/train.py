"""The training loop of the frame-level models: mixup, cross-entropy, AdamW with a cosine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from rich.console import Console

from training.errors import BadInput
from training.frame_level.frames import dequantise
from training.frame_level.mean_pooling import build_patch_network, score_segments
from training.readers import Segments

# Codes (n, t, 128), frame counts (n,), labels (n, c).
Batch: TypeAlias = tuple[tf.Tensor, tf.Tensor, tf.Tensor]


@dataclass(frozen=True, slots=True)
class TrainSettings:
    """What a training run needs beside its data.

    Attributes:
        num_epochs: Passes over the segments.
        batch_segments: Segments per step.
        learning_rate: Peak; falls to 0 along a half cosine.
        weight_decay: AdamW's, not on biases and normalisations.
        mixup_beta: Two segments are mixed with a share drawn from Beta(beta, beta).
        seed: Of initial weights, order and mixes; one seed gives one result on one machine.
    """

    num_epochs: int = 25
    batch_segments: int = 512
    learning_rate: float = 3e-3
    weight_decay: float = 1e-4
    mixup_beta: float = 0.5
    seed: int = 1


def cross_entropy(
    scores: tf.Tensor, targets: tf.Tensor, weights: tf.Tensor | float = 1.0
) -> tf.Tensor:
    """Returns binary cross-entropy, summed over classes, averaged over examples.

    Epsilon 1e-5 inside the logs. Source: google/youtube-8m `losses.py`, CrossEntropyLoss.

    Args:
        scores: float32 (n, c) or (n, m, c), sigmoids; with members their mean counts.
        targets: float32 (n, c) or (n, 1, c), 0..1.
        weights: As `targets`, 0 where there is no target to learn from.
    """
    epsilon = 1e-5
    positive = targets * tf.math.log(scores + epsilon)
    negative = (1.0 - targets) * tf.math.log(1.0 - scores + epsilon)
    return -tf.reduce_mean(tf.reduce_sum(weights * (positive + negative), axis=-1))


def make_optimizer(
    network: keras.Model, num_steps: int, learning_rate: float, weight_decay: float
) -> keras.optimizers.Optimizer:
    """Returns AdamW along a half cosine over `num_steps`, ready for the network's variables."""
    schedule = keras.optimizers.schedules.CosineDecay(learning_rate, num_steps)
    return adamw(network, schedule, weight_decay)


def adamw(
    network: keras.Model,
    schedule: keras.optimizers.schedules.LearningRateSchedule,
    weight_decay: float,
) -> keras.optimizers.Optimizer:
    """Returns AdamW along a schedule; biases and normalisations do not decay."""
    optimizer = keras.optimizers.AdamW(schedule, weight_decay=weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    optimizer.build(network.trainable_variables)
    return optimizer


def train(segments: Segments, settings: TrainSettings, console: Console) -> keras.Model:
    """Trains a network on segments and returns it.

    Args:
        segments: At least one batch of them; the last, smaller batch of an epoch is left out.
        settings: See `TrainSettings`.
        console: Where one line per epoch goes.

    Raises:
        BadInput: Fewer segments than a batch.
    """
    if len(segments) < settings.batch_segments:
        raise BadInput(f"{len(segments)} segments do not fill a batch of {settings.batch_segments}")
    keras.utils.set_random_seed(settings.seed)
    rng = np.random.default_rng(settings.seed)
    network = build_patch_network(segments.labels.shape[1])
    num_steps = len(segments) // settings.batch_segments
    optimizer = make_optimizer(
        network, num_steps * settings.num_epochs, settings.learning_rate, settings.weight_decay
    )
    step = _make_step(network, optimizer)
    for epoch in range(settings.num_epochs):
        order = rng.permutation(len(segments))[: num_steps * settings.batch_segments]
        losses = [
            step(*mixed_batch(segments, rows, settings.mixup_beta, rng)).numpy()
            for rows in order.reshape(num_steps, -1)
        ]
        console.print(f"epoch {epoch + 1}/{settings.num_epochs}: loss {np.mean(losses):.3f}")
    return network


def mixed_batch(
    segments: Segments, rows: NDArray[np.int64], beta: float, rng: np.random.Generator
) -> tuple[Batch, Batch, tf.Tensor]:
    """Returns the given rows, a partner for each, and each row's share of the mix.

    With a `beta` of 0 nothing is mixed: each row is its own partner.
    """
    partners = rng.permutation(rows) if beta else rows
    shares = rng.beta(beta, beta, len(rows)) if beta else np.ones(len(rows))
    return _batch(segments, rows), _batch(segments, partners), tf.constant(shares, tf.float32)


def _batch(segments: Segments, rows: NDArray[np.int64]) -> Batch:
    return (
        tf.constant(segments.codes[rows]),
        tf.constant(segments.num_frames[rows]),
        tf.constant(segments.labels[rows].astype(np.float32)),
    )


def mix(batch: Batch, partner: Batch, shares: tf.Tensor) -> Batch:
    """Returns values (dequantised), frame counts and targets of the mixes.

    Nearly all segments have ten frames; a mix lasts as long as the shorter of its two.
    """
    (codes, num_frames, labels), (other_codes, other_num_frames, other_labels) = batch, partner
    share = shares[:, None]
    values = share[..., None] * dequantise(codes) + (1 - share[..., None]) * dequantise(other_codes)
    targets = share * labels + (1.0 - share) * other_labels
    return values, tf.minimum(num_frames, other_num_frames), targets


def _make_step(network: keras.Model, optimizer: keras.optimizers.Optimizer) -> tf.function:
    @tf.function
    def step(batch: Batch, partner: Batch, shares: tf.Tensor) -> tf.Tensor:
        values, num_frames, targets = mix(batch, partner, shares)
        with tf.GradientTape() as tape:
            scores, _ = score_segments(network, values, num_frames, training=True)
            loss = cross_entropy(scores, targets)
        gradients = tape.gradient(loss, network.trainable_variables)
        optimizer.apply_gradients(zip(gradients, network.trainable_variables, strict=True))
        return loss

    return step

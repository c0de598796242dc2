"""Distillation: the embedder learns values on which a frozen AudioSet model scores as taught.

The frozen model ties the values to AudioSet's embedding space, so any model trained on the
released features can be tried on them. Their mean and variance are held to AudioSet's as well.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track

from training.embedder.lessons import Lessons
from training.embedder.network import build_embedder
from training.frame_level.frames import normalise
from training.frame_level.train import cross_entropy, make_optimizer

LOWEST_LOG_MEL = float(np.log(0.01))


@dataclass(frozen=True, slots=True)
class DistilSettings:
    """What a run needs beside its lessons.

    Attributes:
        num_epochs: Passes over the lessons.
        batch_patches: Patches per step.
        learning_rate: Peak of the half cosine.
        weight_decay: AdamW's.
        moment_weight: Of the distance to AudioSet's mean and variance.
        average_momentum: The weights that are kept are a running mean with this momentum.
        max_shift_frames: Patches are rolled in time by up to this many frames, either way.
        max_masked_bands: Of each patch up to this many neighbouring bands are silenced.
        seed: One seed gives one result on one machine.
    """

    num_epochs: int = 3
    batch_patches: int = 128
    learning_rate: float = 2e-3
    weight_decay: float = 1e-4
    moment_weight: float = 0.5
    average_momentum: float = 0.995
    max_shift_frames: int = 6
    max_masked_bands: int = 7
    seed: int = 1


def moments(values: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Returns mean and variance per dimension, float32 (128,) each, of values (n, 128)."""
    return values.mean(axis=0), values.var(axis=0)


def distil(
    lessons: Lessons,
    patch_network: keras.Model,
    target_moments: tuple[NDArray[np.float32], NDArray[np.float32]],
    settings: DistilSettings,
    console: Console,
) -> keras.Model:
    """Trains an embedder and returns it, with the running average of its weights.

    Args:
        lessons: Patches and targets.
        patch_network: The frozen model, from `build_patch_network`.
        target_moments: AudioSet's, from `moments`.
        settings: See `DistilSettings`.
        console: Where one line per epoch goes.
    """
    keras.utils.set_random_seed(settings.seed)
    rng = np.random.default_rng(settings.seed)
    embedder = build_embedder()
    num_steps = len(lessons.patches) // settings.batch_patches
    optimizer = make_optimizer(
        embedder, num_steps * settings.num_epochs, settings.learning_rate, settings.weight_decay
    )
    step = _make_step(embedder, patch_network, optimizer, target_moments, settings.moment_weight)
    averages = [weight.numpy() for weight in embedder.weights]
    for epoch in range(settings.num_epochs):
        order = rng.permutation(len(lessons.patches))[: num_steps * settings.batch_patches]
        title = f"epoch {epoch + 1}/{settings.num_epochs}"
        losses = []
        for rows in track(order.reshape(num_steps, -1), description=title, console=console):
            losses.append(step(*_batch(lessons, rows, settings, rng)))
            _move_averages(averages, embedder, settings.average_momentum)
        label_loss, moment_loss = np.mean(losses, axis=0)
        console.print(f"{title}: scores {label_loss:.3f}, moments {moment_loss:.3f}")
    embedder.set_weights(averages)
    return embedder


def _move_averages(
    averages: list[NDArray[np.float32]], embedder: keras.Model, momentum: float
) -> None:
    for average, weight in zip(averages, embedder.weights, strict=True):
        average += np.float32(1 - momentum) * (weight.numpy() - average)


def _batch(
    lessons: Lessons, rows: NDArray[np.int64], settings: DistilSettings, rng: np.random.Generator
) -> tuple[tf.Tensor, ...]:
    patches = lessons.patches[rows].astype(np.float32)
    shift = settings.max_shift_frames
    shifts = rng.integers(-shift, shift + 1, len(rows))
    widths = rng.integers(0, settings.max_masked_bands + 1, len(rows))
    starts = rng.integers(0, patches.shape[2] - widths)
    for patch, by, start, width in zip(patches, shifts, starts, widths, strict=True):
        patch[:] = np.roll(patch, by, axis=0)
        patch[:, start : start + width] = LOWEST_LOG_MEL
    return (
        tf.constant(patches),
        tf.constant(lessons.targets[rows].astype(np.float32)),
        tf.constant(lessons.weights[rows].astype(np.float32)),
    )


def _make_step(
    embedder: keras.Model,
    patch_network: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    target_moments: tuple[NDArray[np.float32], NDArray[np.float32]],
    moment_weight: float,
) -> Callable[..., tuple[float, float]]:
    variables = embedder.trainable_variables

    @tf.function
    def step(
        patches: tf.Tensor, targets: tf.Tensor, weights: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape() as tape:
            values = embedder(patches, training=True)
            scores = patch_network(normalise(values), training=False)
            label_loss = cross_entropy(scores, targets, weights)
            mean, variance = tf.nn.moments(values, axes=[0])
            moment_loss = tf.reduce_mean(
                tf.square(mean - target_moments[0]) + tf.square(variance - target_moments[1])
            )
            loss = label_loss + moment_weight * moment_loss
        gradients = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return label_loss, moment_loss

    return lambda *batch: tuple(float(loss) for loss in step(*batch))

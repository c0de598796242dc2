"""One step of a training: gradients of the mixed batch, AdamW, the running average of weights."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from training.frame_level.registry import Architecture
from training.frame_level.settings import FitSettings
from training.frame_level.train import Batch, adamw, cross_entropy, mix


def make_fit_optimizer(
    network: keras.Model, num_steps: int, settings: FitSettings
) -> keras.optimizers.Optimizer:
    """Returns AdamW with the settings' schedule: a half cosine, or YouTube-8M's staircase.

    Args:
        network: Whose variables it will change.
        num_steps: Per epoch.
        settings: See `FitSettings`.
    """
    if settings.learning_rate_decay is None:
        schedule = keras.optimizers.schedules.CosineDecay(
            settings.base_learning_rate, num_steps * settings.num_epochs
        )
    else:
        schedule = keras.optimizers.schedules.ExponentialDecay(
            settings.base_learning_rate,
            decay_steps=max(1, settings.learning_rate_decay_examples // settings.batch_size),
            decay_rate=settings.learning_rate_decay,
            staircase=True,
        )
    return adamw(network, schedule, settings.weight_decay)


def make_fit_step(
    network: keras.Model,
    optimizer: keras.optimizers.Optimizer,
    averages: list[Any],
    architecture: Architecture,
    clip_gradient_norm: float,
) -> Callable[..., tf.Tensor]:
    """Returns ``step(batch, partner, shares, keep) -> loss``.

    `keep` is the share of each average that stays; batch normalisation's statistics are averaged
    like every other weight.

    Args:
        network: To train.
        optimizer: Built for its trainable variables.
        averages: One variable per weight of the network.
        architecture: How it scores segments.
        clip_gradient_norm: See `FitSettings`.
    """
    variables = network.trainable_variables

    @tf.function(reduce_retracing=True)
    def step(batch: Batch, partner: Batch, shares: tf.Tensor, keep: tf.Tensor) -> tf.Tensor:
        values, num_frames, targets = mix(batch, partner, shares)
        with tf.GradientTape() as tape:
            scores = architecture.score_members(network, values, num_frames)
            loss = cross_entropy(scores, targets[:, None])
            penalised = tf.add_n([loss, *network.losses])
        gradients = tape.gradient(penalised, variables)
        if clip_gradient_norm > 0:
            gradients = [tf.clip_by_norm(gradient, clip_gradient_norm) for gradient in gradients]
        optimizer.apply_gradients(zip(gradients, variables, strict=True))
        for average, weight in zip(averages, network.weights, strict=True):
            average.assign(keep * average + (1.0 - keep) * weight.value)
        return loss

    return step

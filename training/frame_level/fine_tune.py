"""Fine-tuning a frame-level model for what will feed it: AudioSet's embeddings and an embedder's.

The same weights learn AudioSet's labels on AudioSet's features, so they stay a model of that space,
and the targets of lessons on the embedder's codes, so the two that ship together work together.
"""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from rich.console import Console

from training.frame_level.frames import dequantise, normalise
from training.frame_level.mean_pooling import score_segments
from training.frame_level.train import Batch, cross_entropy, make_optimizer, mix, mixed_batch
from training.readers import Segments


@dataclass(frozen=True, slots=True)
class FineTuneSettings:
    """What a run needs beside its data.

    Attributes:
        num_epochs: Passes over the segments.
        batch_segments: Segments per step.
        batch_patches: Patches of the embedder per step.
        learning_rate: Peak of the half cosine.
        weight_decay: AdamW's.
        mixup_beta: As in `TrainSettings`, for the segments.
        seed: One seed gives one result on one machine.
    """

    num_epochs: int = 12
    batch_segments: int = 512
    batch_patches: int = 512
    learning_rate: float = 1e-3
    weight_decay: float = 1e-4
    mixup_beta: float = 0.5
    seed: int = 1


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


def fine_tune(
    network: keras.Model,
    segments: Segments,
    taught: TaughtCodes,
    settings: FineTuneSettings,
    console: Console,
) -> None:
    """Changes the network's dense layers in place; its normalisation stays as it is.

    Args:
        network: From `build_patch_network`, trained on `segments`.
        segments: AudioSet's features and labels.
        taught: The embedder's codes.
        settings: See `FineTuneSettings`.
        console: Where one line per epoch goes.
    """
    keras.utils.set_random_seed(settings.seed)
    rng = np.random.default_rng(settings.seed)
    # Statistics of a batch of either kind would not be those of both: keep the anchor's.
    network.get_layer("hidden_norm").trainable = False
    num_steps = len(segments) // settings.batch_segments
    optimizer = make_optimizer(
        network, num_steps * settings.num_epochs, settings.learning_rate, settings.weight_decay
    )
    step = _make_step(network, optimizer)
    for epoch in range(settings.num_epochs):
        order = rng.permutation(len(segments))[: num_steps * settings.batch_segments]
        losses = [
            tf.stack(
                step(
                    *mixed_batch(segments, rows, settings.mixup_beta, rng),
                    _taught_batch(
                        taught, rng.integers(len(taught.codes), size=settings.batch_patches)
                    ),
                )
            ).numpy()
            for rows in order.reshape(num_steps, -1)
        ]
        of_segments, of_patches = np.mean(losses, axis=0)
        console.print(
            f"epoch {epoch + 1}/{settings.num_epochs}: "
            f"AudioSet {of_segments:.3f}, embedder {of_patches:.3f}"
        )


def _taught_batch(taught: TaughtCodes, rows: NDArray[np.int64]) -> Batch:
    return (
        tf.constant(taught.codes[rows]),
        tf.constant(taught.targets[rows].astype(np.float32)),
        tf.constant(taught.weights[rows].astype(np.float32)),
    )


def _make_step(network: keras.Model, optimizer: keras.optimizers.Optimizer) -> tf.function:
    variables = network.trainable_variables

    @tf.function
    def step(
        batch: Batch, partner: Batch, shares: tf.Tensor, taught: Batch
    ) -> tuple[tf.Tensor, tf.Tensor]:
        values, num_frames, labels = mix(batch, partner, shares)
        codes, targets, weights = taught
        with tf.GradientTape() as tape:
            scores, _ = score_segments(network, values, num_frames, training=True)
            of_segments = cross_entropy(scores, labels)
            patch_scores = network(normalise(dequantise(codes)), training=True)
            of_patches = cross_entropy(patch_scores, targets, weights)
            loss = of_segments + of_patches
        gradients = tape.gradient(loss, variables)
        optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return of_segments, of_patches

    return step

"""The training of any architecture: mixup, averaged weights, early stop, a checkpoint per epoch.

Every epoch draws from a generator of its own, so a training that was stopped and goes on gives the
weights of one that was not.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from training import metrics
from training.errors import BadInput
from training.frame_level.batches import Batches
from training.frame_level.fit_state import FitState, identity_of
from training.frame_level.fit_step import make_fit_optimizer, make_fit_step
from training.frame_level.frames import dequantise
from training.frame_level.registry import Architecture
from training.frame_level.segments import score_in_batches
from training.frame_level.settings import FitSettings, NetworkSizes
from training.frame_level.split import split_segments
from training.readers import Segments


@dataclass(frozen=True, slots=True)
class Epoch:
    """What an epoch came to.

    Attributes:
        number: 1, 2, 3 …
        loss: Mean over its steps.
        learning_rate: At its start.
        validation_map: AudioSet's mAP of the averaged weights; None without a validation share.
        validation_hit_at_1: Their Hit@1; None as well.
        is_best: Whether its weights are the ones to keep so far.
    """

    number: int
    loss: float
    learning_rate: float
    validation_map: float | None
    validation_hit_at_1: float | None
    is_best: bool


class Fit:
    """One training: iterate over `epochs`, then take the weights from the checkpoint.

    The checkpoint is written at once, so that a place that cannot be written is known before the
    first epoch; only then it replaces one that was there.

    Args:
        architecture: What to train.
        sizes: Of the network.
        segments: Labelled; a share of them is kept for validation.
        settings: See `FitSettings`.
        path: Of the checkpoint; when it exists, the training goes on from there.
        is_new: Start anew all the same.

    Attributes:
        state: How far the training is.
        num_steps: Per epoch.

    Raises:
        BadInput: Too few segments for a batch, or for the validation.
        BadCheckpoint: It is damaged, of another training, or could not be written.
    """

    def __init__(
        self,
        architecture: Architecture,
        sizes: NetworkSizes,
        segments: Segments,
        settings: FitSettings,
        path: Path,
        is_new: bool = False,
    ) -> None:
        keras.utils.set_random_seed(settings.seed)
        self._settings = settings
        training, self._validation = split_segments(segments, settings)
        self._batches = Batches(training, settings)
        self.num_steps = self._batches.num_steps
        self._network = architecture.build(sizes)
        optimizer = make_fit_optimizer(self._network, self.num_steps, settings)
        identity = identity_of(architecture, sizes, segments, settings)
        self.state = FitState(self._network, optimizer, path, identity)
        self._step = make_fit_step(
            self._network,
            optimizer,
            self.state.averages,
            architecture,
            settings.clip_gradient_norm,
        )
        self._score = tf.function(
            lambda codes, num_frames: architecture.score_segments(
                self._network, dequantise(codes), num_frames, False
            )[0],
            reduce_retracing=True,
        )
        if path.exists() and not is_new:
            self.state.restore()
        else:
            self.state.save()

    def epochs(self, on_step: Callable[[], None] = lambda: None) -> Iterator[Epoch]:
        """Yields each epoch after its checkpoint is written, until the last or an early stop.

        Args:
            on_step: Called after each step, `num_steps` times per epoch.

        Raises:
            BadInput: The training diverges; the checkpoint of the epoch before stays.
            BadCheckpoint: It could not be written.
        """
        while self.state.num_epochs_done < self._settings.num_epochs and not self._is_at_rest():
            learning_rate = float(self.state.optimizer.learning_rate)
            loss = self._run_epoch(on_step)
            self._check_finite(loss)
            validation_map, hit_at_1 = self._validate()
            is_best = self.state.end_epoch(validation_map)
            measured = (loss, learning_rate, validation_map, hit_at_1)
            yield Epoch(self.state.num_epochs_done, *measured, is_best)

    def _is_at_rest(self) -> bool:
        waited = self.state.num_epochs_done - self.state.best_epoch
        return len(self._validation) > 0 and waited >= self._settings.patience_epochs

    def _run_epoch(self, on_step: Callable[[], None]) -> float:
        losses = []
        number = self.state.num_epochs_done
        for step, batch in enumerate(self._batches.epoch(number), number * self.num_steps):
            # As tf.train.ExponentialMovingAverage: short at first, or the start would linger.
            keep = min(self._settings.averaging, (1 + step) / (10 + step))
            losses.append(float(self._step(*batch, tf.constant(keep, tf.float32))))
            on_step()
        return float(np.mean(losses))

    def _check_finite(self, loss: float) -> None:
        # The last step's loss is of the weights before it.
        averages = (average.numpy() for average in self.state.averages)
        if math.isfinite(loss) and all(np.isfinite(average).all() for average in averages):
            return
        done, rate = self.state.num_epochs_done, self._settings.base_learning_rate
        kept = f"; epoch {done} is kept" if done else ""
        raise BadInput(
            f"epoch {done + 1} diverged (loss {loss:.3f}, weights no longer finite): start a new "
            f"model with a lower --base-learning-rate than {rate:g}{kept}"
        )

    def _validate(self) -> tuple[float, float] | tuple[None, None]:
        """Returns AudioSet's mAP and Hit@1."""
        if len(self._validation) == 0:
            return None, None
        raw = self._network.get_weights()
        self._network.set_weights([average.numpy() for average in self.state.averages])
        scores = score_in_batches(self._score, self._validation.codes, self._validation.num_frames)
        self._network.set_weights(raw)
        labels = self._validation.labels
        return metrics.mean_average_precision(scores, labels), metrics.hit_at_1(scores, labels)

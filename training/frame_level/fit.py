"""The training of any architecture: mixup, averaged weights, early stop, a checkpoint per epoch.

Every epoch draws from a generator of its own, so a training that was stopped and goes on gives the
weights of one that was not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from training import metrics
from training.errors import BadCheckpoint
from training.frame_level.batches import Batches
from training.frame_level.checkpoint import (
    Checkpoint,
    check_same_training,
    read_checkpoint,
    write_checkpoint,
)
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

    Args:
        architecture: What to train.
        sizes: Of the network.
        segments: Labelled; a share of them is kept for validation.
        settings: See `FitSettings`.
        path: Of the checkpoint; when it exists, the training goes on from there.

    Raises:
        BadInput: Too few segments for a batch, or for the validation.
        BadCheckpoint: It is damaged or of another training.
    """

    def __init__(
        self,
        architecture: Architecture,
        sizes: NetworkSizes,
        segments: Segments,
        settings: FitSettings,
        path: Path,
    ) -> None:
        keras.utils.set_random_seed(settings.seed)
        self._settings, self._path = settings, path
        training, self._validation = split_segments(segments, settings)
        self._batches = Batches(training, settings)
        self.num_steps = self._batches.num_steps
        self._identity = {
            "model": architecture.name,
            "sizes": asdict(sizes),
            "settings": asdict(settings),
            "num_segments": len(segments),
            "data": f"of SHA-256 {_digest(segments)}",
        }
        self._network = architecture.build(sizes)
        self._optimizer = make_fit_optimizer(self._network, self.num_steps, settings)
        self._averages = [tf.Variable(weight.value) for weight in self._network.weights]
        self._step = make_fit_step(
            self._network,
            self._optimizer,
            self._averages,
            architecture,
            settings.clip_gradient_norm,
        )
        self._score = tf.function(
            lambda codes, num_frames: architecture.score_segments(
                self._network, dequantise(codes), num_frames, False
            )[0],
            reduce_retracing=True,
        )
        self.num_epochs_done = 0
        self.best_epoch, self.best_map = 0, 0.0
        self._best = [average.numpy() for average in self._averages]
        if path.exists():
            self._restore()
        else:
            self._save()

    def epochs(self, on_step: Callable[[], None] = lambda: None) -> Iterator[Epoch]:
        """Yields each epoch after its checkpoint is written, until the last or an early stop.

        Args:
            on_step: Called after each step, `num_steps` times per epoch.
        """
        while self.num_epochs_done < self._settings.num_epochs and not self._is_at_rest():
            learning_rate = float(self._optimizer.learning_rate)
            loss = self._run_epoch(on_step)
            self.num_epochs_done += 1
            validation_map, hit_at_1 = self._validate()
            is_best = validation_map is None or validation_map > self.best_map
            if is_best:
                self.best_epoch, self.best_map = self.num_epochs_done, validation_map or 0.0
                self._best = [average.numpy() for average in self._averages]
            self._save()
            measured = (loss, learning_rate, validation_map, hit_at_1)
            yield Epoch(self.num_epochs_done, *measured, is_best)

    def _is_at_rest(self) -> bool:
        waited = self.num_epochs_done - self.best_epoch
        return len(self._validation) > 0 and waited >= self._settings.patience_epochs

    def _run_epoch(self, on_step: Callable[[], None]) -> float:
        losses = []
        first = self.num_epochs_done * self.num_steps
        for step, batch in enumerate(self._batches.epoch(self.num_epochs_done), first):
            # As tf.train.ExponentialMovingAverage: short at first, or the start would linger.
            keep = min(self._settings.averaging, (1 + step) / (10 + step))
            losses.append(float(self._step(*batch, tf.constant(keep, tf.float32))))
            on_step()
        return float(np.mean(losses))

    def _validate(self) -> tuple[float, float] | tuple[None, None]:
        """Returns AudioSet's mAP and Hit@1."""
        if len(self._validation) == 0:
            return None, None
        raw = self._network.get_weights()
        self._network.set_weights([average.numpy() for average in self._averages])
        scores = score_in_batches(self._score, self._validation.codes, self._validation.num_frames)
        self._network.set_weights(raw)
        labels = self._validation.labels
        return metrics.mean_average_precision(scores, labels), metrics.hit_at_1(scores, labels)

    def _save(self) -> None:
        progress = {
            "num_epochs_done": self.num_epochs_done,
            "best_epoch": self.best_epoch,
            "best_map": self.best_map,
        }
        groups: dict[str, list[NDArray[Any]]] = {
            name: [variable.numpy() for variable in variables]
            for name, variables in self._variables().items()
        }
        checkpoint = Checkpoint({**self._identity, **progress}, {**groups, "best": self._best})
        write_checkpoint(self._path, checkpoint)

    def _restore(self) -> None:
        checkpoint = read_checkpoint(self._path)
        check_same_training(self._path, checkpoint.fields, self._identity)
        try:
            for name, variables in self._variables().items():
                for variable, array in zip(variables, checkpoint.groups[name], strict=True):
                    variable.assign(array)
        except (KeyError, ValueError):
            raise BadCheckpoint(
                f"{self._path}: its weights do not fit {self._network.name} as it is now; "
                "--start-new-model overwrites it"
            ) from None
        self._best = checkpoint.groups["best"]
        self.num_epochs_done = checkpoint.fields["num_epochs_done"]
        self.best_epoch = checkpoint.fields["best_epoch"]
        self.best_map = checkpoint.fields["best_map"]

    def _variables(self) -> dict[str, list[Any]]:
        # `variables` holds the state of dropout's random numbers too, `weights` does not.
        return {
            "network": [variable.value for variable in self._network.variables],
            "optimizer": [variable.value for variable in self._optimizer.variables],
            "average": self._averages,
        }


def _digest(segments: Segments) -> str:
    """Returns the start of a checksum over everything that is learnt from."""
    digest = hashlib.sha256("\n".join(segments.ids).encode())
    for array in (segments.codes, segments.num_frames, segments.labels):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()[:16]

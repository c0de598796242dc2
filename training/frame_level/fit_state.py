"""Where a training stands: its variables, its best weights, how far it is, and the checkpoint."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from training.errors import BadCheckpoint
from training.frame_level.checkpoint import (
    Checkpoint,
    check_same_training,
    read_checkpoint,
    write_checkpoint,
)
from training.frame_level.registry import Architecture
from training.frame_level.settings import FitSettings, NetworkSizes
from training.readers import Segments


class FitState:
    """The state of one training, which `save` writes and `restore` reads.

    Args:
        network: To train, with fresh weights.
        optimizer: Built for its trainable variables.
        path: Of the checkpoint.
        identity: What is trained, from `identity_of`; a checkpoint of anything else is refused.

    Attributes:
        network: As given.
        optimizer: As given.
        averages: A variable per weight of the network: its running average.
        num_epochs_done: 0, 1, 2 …
        best_epoch: Whose averages are kept; 0 before the first.
        best_map: Its validation mAP; 0 without one.
    """

    def __init__(
        self,
        network: keras.Model,
        optimizer: keras.optimizers.Optimizer,
        path: Path,
        identity: Mapping[str, Any],
    ) -> None:
        self.network, self.optimizer = network, optimizer
        self.averages = [tf.Variable(weight.value) for weight in network.weights]
        self.num_epochs_done = 0
        self.best_epoch, self.best_map = 0, 0.0
        self._best = [average.numpy() for average in self.averages]
        self._path, self._identity = path, identity

    def end_epoch(self, validation_map: float | None) -> bool:
        """Counts an epoch, keeps its averages if none were better, and saves.

        Args:
            validation_map: Of its averages; None without validation, then the last are the best.

        Returns:
            Whether they are the best.

        Raises:
            BadCheckpoint: It could not be written.
        """
        self.num_epochs_done += 1
        is_best = validation_map is None or validation_map > self.best_map
        if is_best:
            self.best_epoch, self.best_map = self.num_epochs_done, validation_map or 0.0
            self._best = [average.numpy() for average in self.averages]
        self.save()
        return is_best

    def save(self) -> None:
        """Writes the checkpoint.

        Raises:
            BadCheckpoint: It could not be written; the one before stays.
        """
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

    def restore(self) -> None:
        """Takes everything from the checkpoint.

        Raises:
            BadCheckpoint: It is damaged or of another training.
        """
        checkpoint = read_checkpoint(self._path)
        check_same_training(self._path, checkpoint.fields, self._identity)
        try:
            for name, variables in self._variables().items():
                for variable, array in zip(variables, checkpoint.groups[name], strict=True):
                    variable.assign(array)
        except (KeyError, ValueError):
            raise BadCheckpoint(
                f"{self._path}: its weights do not fit {self.network.name} as it is now; "
                "--start-new-model overwrites it"
            ) from None
        self._best = checkpoint.groups["best"]
        self.num_epochs_done = checkpoint.fields["num_epochs_done"]
        self.best_epoch = checkpoint.fields["best_epoch"]
        self.best_map = checkpoint.fields["best_map"]

    def _variables(self) -> dict[str, list[Any]]:
        # `variables` holds the state of dropout's random numbers too, `weights` does not.
        return {
            "network": [variable.value for variable in self.network.variables],
            "optimizer": [variable.value for variable in self.optimizer.variables],
            "average": self.averages,
        }


def identity_of(
    architecture: Architecture, sizes: NetworkSizes, segments: Segments, settings: FitSettings
) -> dict[str, Any]:
    """Returns what makes a training this one and no other, as JSON values."""
    return {
        "model": architecture.name,
        "sizes": asdict(sizes),
        "settings": asdict(settings),
        "num_segments": len(segments),
        "data": f"of SHA-256 {_digest(segments)}",
    }


def _digest(segments: Segments) -> str:
    """Returns the start of a checksum over everything that is learnt from."""
    digest = hashlib.sha256("\n".join(segments.ids).encode())
    for array in (segments.codes, segments.num_frames, segments.labels):
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()[:16]

"""The curves of a training for TensorBoard: a point per epoch."""

from __future__ import annotations

import shutil
from pathlib import Path

import tensorflow as tf

from training.errors import BadInput
from training.frame_level.fit import Epoch

LOGS = "logs"  # below the folder of the training


class Curves:
    """Adds points to the curves in a folder; a training that goes on goes on with its curves.

    Attributes:
        directory: Made with the first point; what is there stays.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._writer: tf.summary.SummaryWriter | None = None

    def forget(self) -> None:
        """Removes the curves that are there.

        Raises:
            BadInput: They cannot be removed.
        """
        try:
            if self.directory.exists():
                shutil.rmtree(self.directory)
        except OSError as error:
            raise BadInput(f"{self.directory}: cannot be removed ({error.strerror})") from None

    def add(self, epoch: Epoch) -> None:
        """Adds an epoch; call it after its checkpoint is written, so that none comes twice.

        Raises:
            BadInput: The folder cannot be written.
        """
        values = {
            "loss": epoch.loss,
            "learning_rate": epoch.learning_rate,
            "validation/map": epoch.validation_map,
            "validation/hit_at_1": epoch.validation_hit_at_1,
        }
        try:
            self._writer = self._writer or tf.summary.create_file_writer(str(self.directory))
            with self._writer.as_default(step=epoch.number):
                for name, value in values.items():
                    if value is not None:
                        tf.summary.scalar(name, value)
            self._writer.flush()
        except tf.errors.OpError as error:
            raise BadInput(f"{self.directory}: could not be written ({error.message})") from None

"""YAMNet, the teacher: a waveform in, scores of the classes out (Apache-2.0, tensorflow/models)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from training.errors import BadInput

# YAMNet knows AudioSet's 527 classes in their order but for these.
UNKNOWN_TO_TEACHER = (
    "Male speech, man speaking",
    "Female speech, woman speaking",
    "Male singing",
    "Female singing",
    "Battle cry",
    "Funny music",
)


class Teacher:
    """Scores windows of 15,600 samples.

    Args:
        path: The TFLite file.
        class_names: AudioSet's display names in order.

    Raises:
        BadInput: The file is not there, or no network.
    """

    def __init__(self, path: Path, class_names: Sequence[str]) -> None:
        try:
            self._interpreter = Interpreter(model_path=str(path), num_threads=1)
        except (OSError, ValueError) as error:
            raise BadInput(f"{path}: cannot be used as the teacher ({error})") from None
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._output = self._interpreter.get_output_details()[0]["index"]
        self.is_known = np.array([name not in UNKNOWN_TO_TEACHER for name in class_names])

    def score(self, waveform: NDArray[np.float32]) -> NDArray[np.float32]:
        """Returns float32 (527,): the teacher's score, 0 for classes it does not know.

        Args:
            waveform: float32 (15600,), in [-1, 1], 16 kHz.
        """
        self._interpreter.set_tensor(self._input, waveform)
        self._interpreter.invoke()
        scores = np.zeros(len(self.is_known), np.float32)
        scores[self.is_known] = self._interpreter.get_tensor(self._output)[0]
        return scores

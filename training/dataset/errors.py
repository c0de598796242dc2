"""What can be wrong with one recording; what is wrong with the whole is `training.errors`.

TrainingError
└── UnreadableRecording   a file is no recording, or a damaged one: it is left out and named
"""

from __future__ import annotations

from training.errors import TrainingError


class UnreadableRecording(TrainingError):
    """The file is left out; `str()` says why, without its name."""

"""What can go wrong in a training command, each in one sentence for the person who started it.

TrainingError
├── BadInput        an option or a data file cannot be used; change it
└── BadCheckpoint   it is damaged, of another training, or could not be written
"""

from __future__ import annotations


class TrainingError(Exception):
    """The root: `str()` is the sentence to show."""


class BadInput(TrainingError):
    """An option or a data file cannot be used; the sentence says what is allowed."""


class BadCheckpoint(TrainingError):
    """A checkpoint is damaged, of another training, or could not be written."""

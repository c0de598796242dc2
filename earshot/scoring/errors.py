"""What can keep patches from being scored.

ScoringError
├── VersionChanged   another version answered in the middle of one question: ask it again
├── ModelAway        the model server is away, late or full: ask again later
└── ModelUnfit       no version of the model can be asked, or what it scores is not known here
"""

from __future__ import annotations


class ScoringError(Exception):
    """Patches cannot be scored; the message is one sentence."""


class VersionChanged(ScoringError):
    """A new version of the model went into service meanwhile."""


class ModelAway(ScoringError):
    """Trying again later may help."""


class ModelUnfit(ScoringError):
    """A person has to put something right."""

"""What can keep a demonstration from its end.

DemonstrationError
├── DemonstrationFailed   the system did not do what it must; the message is one sentence
└── Interrupted           a person stopped it
"""

from __future__ import annotations


class DemonstrationError(Exception):
    """Root of everything this package raises."""


class DemonstrationFailed(DemonstrationError):
    """Says what went wrong."""


class Interrupted(DemonstrationError):
    """Ctrl-C, or SIGTERM."""

"""What can keep events from being shown.

WatchingError
├── ApiAway      the API does not answer, or cannot now: exit code 1, or try again
└── ApiRefused   it does not take the question: exit code 2
"""

from __future__ import annotations


class WatchingError(Exception):
    """Root of everything this package raises; the message is one sentence."""


class ApiAway(WatchingError):
    """Trying again may help."""


class ApiRefused(WatchingError):
    """Trying again will not help."""

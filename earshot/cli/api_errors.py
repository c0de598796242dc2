"""What can keep a command from asking the API.

ApiError
├── ApiAway      the API does not answer, or cannot now: exit code 1, or try again
└── ApiRefused   it does not take the question: exit code 2
"""

from __future__ import annotations


class ApiError(Exception):
    """Root of both; the message is one sentence."""


class ApiAway(ApiError):
    """Trying again may help."""


class ApiRefused(ApiError):
    """Trying again will not help."""

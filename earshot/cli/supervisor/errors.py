"""What can keep a supervisor from running.

SupervisorError
├── AlreadyRunning   another one works on this data folder: stop it, or choose another folder
├── PortTaken        the port that was asked for is in use: choose another
└── Refused          a process refused to start, twice: its reason says what to put right
"""

from __future__ import annotations


class SupervisorError(Exception):
    """Root of everything this package raises; the message is made for people."""


class AlreadyRunning(SupervisorError):
    """Somebody holds the data folder."""


class PortTaken(SupervisorError):
    """Somebody listens there."""


class Refused(SupervisorError):
    """A process that cannot start as things are."""

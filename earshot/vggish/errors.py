"""What can be wrong with a checkpoint.

VggishError
├── DamagedCheckpoint   not a checkpoint of the V1 format, cut, or with wrong bytes in it
└── WrongCheckpoint     a sound checkpoint, but not of this network or not the published file
"""


class VggishError(Exception):
    """Root of everything this package raises; the message is one sentence."""


class DamagedCheckpoint(VggishError):
    """Get the file again; the message says at which byte reading failed and why."""


class WrongCheckpoint(VggishError):
    """Give another file; the message names what is missing or differs."""

"""What can go wrong between patches and codes.

EmbeddingError
├── BadBundle             a model directory is incomplete, changed, or not of the kind asked for
├── UnsupportedPrecision  a precision that is unknown, or that this CPU does not have
└── BadPatches            patches of the wrong shape, or with NaN or infinity among them
"""


class EmbeddingError(Exception):
    """Root of everything this package raises; the message is one sentence."""


class BadBundle(EmbeddingError):
    """The directory is not a usable bundle: restore it, or point the setting elsewhere."""


class UnsupportedPrecision(EmbeddingError):
    """Choose another precision."""


class BadPatches(EmbeddingError):
    """The caller's patches are wrong: the front end that made them is broken."""

"""What can go wrong between a caller and a model server, and with what they speak about.

ServingError            the call failed and nothing says why: try again, a limited number of times
├── ModelUnavailable    the server is away, late or full: back off, then ask the same again
├── ModelRefused        wrong model, version, signature or tensors: asking again cannot help
├── BadTensor           a tensor that cannot be encoded or decoded
└── BadSavedModel       a model's file that is missing, cut, or holds nothing to serve
"""

from __future__ import annotations


class ServingError(Exception):
    """The call failed inside the server or on the way; the base of all errors here."""


class ModelUnavailable(ServingError):
    """UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED or CANCELLED: back off and try again."""


class ModelRefused(ServingError):
    """INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION or UNIMPLEMENTED: do not try again."""


class BadTensor(ServingError):
    """The tensor's type, shape and values do not fit together, or its type is not supported."""


class BadSavedModel(ServingError):
    """There is no readable `saved_model.pb`, or no graph for serving in it."""
